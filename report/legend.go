package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legend is a strip above the panels, where it can cover no data.
type legend []legendEntry

type legendEntry struct {
	name  string
	thumb plot.Thumbnailer
}

const (
	thumbWidth   = 16 // points
	legendHeight = 14 // points, of a line
)

// places returns where the entries begin, below and right of the upper left corner, and the strip's height.
func (l legend) places(width vg.Length) (places []vg.Point, height vg.Length) {
	if len(l) == 0 {
		return nil, 0
	}
	style, at := words(textSize, color.Black), vg.Point{Y: legendHeight}
	for _, e := range l {
		needed := thumbWidth + 4 + style.Width(e.name)
		if at.X > 0 && at.X+needed > width {
			at = vg.Point{Y: at.Y + legendHeight}
		}
		places = append(places, at)
		at.X += needed + 12
	}
	return places, at.Y + 6
}

// draw draws the legend and returns what is left of the canvas below it.
func (l legend) draw(c draw.Canvas) draw.Canvas {
	places, height := l.places(c.Max.X - c.Min.X)
	for k, e := range l {
		at := vg.Point{X: c.Min.X + places[k].X, Y: c.Max.Y - places[k].Y}
		icon := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: at, Max: vg.Point{X: at.X + thumbWidth, Y: at.Y + textSize - 1}}}
		e.thumb.Thumbnail(&icon)
		c.FillText(words(textSize, color.Black), vg.Point{X: at.X + thumbWidth + 4, Y: at.Y + 1}, e.name)
	}
	c.Max.Y -= height
	return c
}
