package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// heading stands above a panel: a label, a value, and its interval's ends above each other.
type heading struct {
	label string
	interval
}

// Plot draws the heading above the canvas.
func (h heading) Plot(c draw.Canvas, _ *plot.Plot) {
	main, small := words(textSize, color.Black), words(textSize-2, color.Black)
	first := h.value
	if between := main.Width(h.label + " = "); between+h.width(main, small) < c.Max.X-c.Min.X {
		first = h.label + " = " + h.value
	}
	width := main.Width(first) + 1 + max(small.Width(h.up), small.Width(h.down))
	at := vg.Point{X: c.Center().X - width/2, Y: c.Max.Y + 5}
	c.FillText(main, at, first)
	h.ends(c, small, vg.Point{X: at.X + main.Width(first) + 1, Y: at.Y})
}

func (h heading) width(main, small text.Style) vg.Length {
	return main.Width(h.value) + 1 + max(small.Width(h.up), small.Width(h.down))
}

func (h heading) ends(c draw.Canvas, style text.Style, at vg.Point) {
	c.FillText(style, vg.Point{X: at.X, Y: at.Y + 4}, h.up)
	c.FillText(style, vg.Point{X: at.X, Y: at.Y - 3}, h.down)
}
