package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/browsertest"
)

// The page works in a real browser: nothing complains, nothing is fetched, everything is seen, and the view of geometries
// can be turned.
func TestReportInBrowser(t *testing.T) {
	browsertest.Path(t)
	dir, _ := trainedRun(t, "cinn", "--frame", "body")
	w := reported(t, dir, "--samples", "150")
	path, err := filepath.Abs(w.Report)
	require.NoError(t, err)
	b := browsertest.New(t)
	for _, screen := range browsertest.Screens {
		t.Run(screen.String(), func(t *testing.T) {
			b.Forget()
			b.Run(t,
				screen.Use(), chromedp.Navigate("file://"+path), browsertest.Settle,
			)
			lookAtPage(t, b, len(w.Figures)/2, screen.Width)
			turnView(t, b)
			spinView(t, b, path)
			complaints, requests := b.Heard()
			assert.Empty(t, complaints)
			for _, url := range requests {
				assert.Regexp(t, `^(file://.*/report\.html$|data:)`, url)
			}
		})
	}
}

func lookAtPage(t *testing.T, b *browsertest.Browser, figures int, width int64) {
	t.Helper()
	assert.LessOrEqual(t, browsertest.Value[int64](t, b, `document.documentElement.scrollWidth`), width, "the page is as wide as the screen")
	shown := `[...document.querySelectorAll("figure .picture > *")]`
	assert.Equal(t, figures, browsertest.Value[int](t, b, shown+`.length`))
	hidden := browsertest.Value[int](t, b, `document.querySelectorAll("[data-example][hidden] figure").length`)
	assert.Equal(t, figures-hidden, browsertest.Value[int](t, b, shown+`.filter(f => f.getBoundingClientRect().width > 200 && f.getBoundingClientRect().height > 60).length`))
	assert.Equal(t, 0, browsertest.Value[int](t, b, `[...document.querySelectorAll("img")].filter(i => !i.complete || i.naturalWidth === 0).length`))
	assert.Equal(t, 0, browsertest.Value[int](t, b, `[...document.querySelectorAll("canvas, img, svg[role=img], select, button, input")].filter(e =>
		!(e.getAttribute("aria-label") || e.alt || e.labels?.length || e.textContent.trim())).length`), "everything has a name")
	assert.Equal(t, 1, browsertest.Value[int](t, b, `document.querySelectorAll("h1").length`))
}

func click(selector string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).click()", selector), nil)
}

const viewPixels = `document.getElementById("view").toDataURL()`

// turnView drags, zooms, types and chooses, each of which has to change the picture, and returns it to where it was.
func turnView(t *testing.T, b *browsertest.Browser) {
	t.Helper()
	b.Run(t, chromedp.Evaluate(`document.getElementById("view").scrollIntoView({block: "center"})`, nil), browsertest.Settle)
	type point struct{ X, Y float64 }
	at := browsertest.Value[point](t, b, `(r => ({X: r.x + r.width / 2, Y: r.y + r.height / 2}))(document.getElementById("view").getBoundingClientRect())`)
	mouse := func(kind input.MouseType, dx float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, at.X+dx, at.Y+dx/2).WithButton(input.Left).WithButtons(1).WithClickCount(1)
	}
	start := browsertest.Value[string](t, b, viewPixels)
	assert.Greater(t, len(start), 5000, "there is something in the view")
	before := start
	for _, step := range []struct {
		what    string
		actions []chromedp.Action
	}{
		{"drag", []chromedp.Action{mouse(input.MousePressed, 0), mouse(input.MouseMoved, 20), mouse(input.MouseMoved, 60), mouse(input.MouseReleased, 60)}},
		{"key", []chromedp.Action{chromedp.KeyEvent("+")}}, // of what was dragged, which has the focus
		{"wheel", []chromedp.Action{input.DispatchMouseEvent(input.MouseWheel, at.X, at.Y).WithDeltaX(0).WithDeltaY(-200)}},
		{"button", []chromedp.Action{click("#zoom-out")}},
		{"no draws", []chromedp.Action{click("#show-draws")}},
		{"draws again", []chromedp.Action{click("#show-draws")}},
		{"centre", []chromedp.Action{chromedp.Evaluate(`document.getElementById("centre").value = "1"; document.getElementById("centre").dispatchEvent(new Event("change"))`, nil)}},
		{"other event", []chromedp.Action{click(`[name="example"][value="1"]`)}},
	} {
		b.Run(t, append(step.actions, browsertest.Settle, browsertest.Settle)...)
		after := browsertest.Value[string](t, b, viewPixels)
		assert.NotEqual(t, before, after, step.what)
		before = after
	}
	assert.Equal(t, "1", browsertest.Value[string](t, b, `document.querySelector("[data-example]:not([hidden])").dataset.example`))
	b.Run(t, click(`[name="example"][value="0"]`), click("#reset"), browsertest.Settle, browsertest.Settle)
	assert.Equal(t, start, browsertest.Value[string](t, b, viewPixels), "reset")
}

// spinView lets the view spin, which it does only for those whom motion does not disturb.
func spinView(t *testing.T, b *browsertest.Browser, path string) {
	t.Helper()
	for _, motion := range []string{"no-preference", "reduce"} {
		b.Run(t,
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: motion}}),
			chromedp.Navigate("file://"+path), browsertest.Settle,
		)
		before := browsertest.Value[string](t, b, viewPixels)
		b.Run(t, click("#spin"), browsertest.Settle, browsertest.Settle, browsertest.Settle)
		after := browsertest.Value[string](t, b, viewPixels)
		assert.Equal(t, motion == "reduce", before == after, motion)
		assert.Equal(t, motion == "reduce", browsertest.Value[bool](t, b, `document.getElementById("spin").hidden`), motion)
	}
}

// The listener hears what it is to hear, so that silence means something.
func TestBrowserHears(t *testing.T) {
	browsertest.Path(t)
	page := writeFile(t, "page.html", `<link rel="icon" href="data:,"><img src="file:///nowhere/a.png" alt=""><script>console.warn("mind"); throw new Error("thrown")</script>`)
	b := browsertest.New(t)
	b.Run(t, chromedp.Navigate("file://"+page), browsertest.Settle)
	complaints, requests := b.Heard()
	text := strings.Join(complaints, "\n")
	assert.Contains(t, text, "console.warning")
	assert.Contains(t, text, "thrown")
	assert.Contains(t, text, "ERR_FILE_NOT_FOUND")
	assert.Contains(t, requests, "file:///nowhere/a.png")
}
