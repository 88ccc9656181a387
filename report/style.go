package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A palette that colour-blind readers can tell apart (Okabe & Ito 2008, Color Universal Design), two tints of its blue,
// and greys.
var (
	blue      = color.RGBA{R: 0, G: 114, B: 178, A: 255}
	vermilion = color.RGBA{R: 213, G: 94, B: 0, A: 255}
	green     = color.RGBA{R: 0, G: 158, B: 115, A: 255}
	midBlue   = color.RGBA{R: 110, G: 172, B: 212, A: 255}
	paleBlue  = color.RGBA{R: 196, G: 221, B: 238, A: 255}
	paleGrey  = color.RGBA{R: 225, G: 225, B: 225, A: 255}
	darkGrey  = color.RGBA{R: 90, G: 90, B: 90, A: 255}
)

const (
	figureWidth = 13 * vg.Centimeter // wide enough for three panels, narrow enough for a telephone
	textSize    = 9
	tickSize    = 8
)

func line(c color.Color, points float64, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Points(points), Dashes: dashes}
}

// dashed is the pattern of lines that mark something.
var dashed = []vg.Length{vg.Points(3), vg.Points(2)}

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// words returns the style of words put into a picture.
func words(size vg.Length, c color.Color) text.Style {
	return text.Style{Color: c, Font: sans(size), Handler: plot.DefaultTextHandler}
}

// newPlot returns an empty plot in the house's style.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil // the figure has one
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = 1.5 * vg.Millimeter
	for _, s := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle} {
		s.Font = sans(textSize)
	}
	p.X.Tick.Label.Font, p.Y.Tick.Label.Font = sans(tickSize), sans(tickSize)
	p.X.Tick.Marker, p.Y.Tick.Marker = minusTicks{roundTicks{}}, minusTicks{roundTicks{}}
	return p
}
