package browsertest

import (
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Screen is what a page is looked at on.
type Screen struct {
	Width, Height int64
	Scheme        string // light or dark
	Touch         bool
}

// Screens are a desktop's and a phone's, light and dark.
var Screens = []Screen{{1280, 900, "light", false}, {1280, 900, "dark", false}, {390, 844, "light", true}, {390, 844, "dark", true}}

func (s Screen) String() string { return fmt.Sprintf("%d %s", s.Width, s.Scheme) }

// Use makes the browser's window this screen.
func (s Screen) Use() chromedp.Action {
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(s.Width, s.Height, 1, s.Touch),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: s.Scheme}}),
	}
}
