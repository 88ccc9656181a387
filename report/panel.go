package report

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a plot in a frame over fixed ranges, one of several, or one that data fill.
type panel struct {
	*plot.Plot
	x, y span
}

// newPanel returns an empty panel whose axes have no more than so many intervals between ticks.
func newPanel(title, xLabel, yLabel string, x, y span, intervals int) panel {
	p := panel{newPlot(title, xLabel, yLabel), x, y}
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding, a.LineStyle.Width, a.Label.Padding = 0, 0, vg.Millimeter
		a.Tick.LineStyle.Width, a.Tick.Length = vg.Points(0.5), vg.Points(3)
		a.Tick.Marker = minusTicks{roundTicks{most: intervals}}
	}
	p.fix()
	return p
}

// fix sets the axes to the panel's ranges, which plotters widen.
func (p panel) fix() {
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = p.x.low, p.x.high, p.y.low, p.y.high
}

// put adds plotters, which leave the ranges alone.
func (p panel) put(all ...plot.Plotter) {
	p.Add(all...)
	p.fix()
}

// done adds the frame, over all that was put into it.
func (p panel) done() *plot.Plot {
	p.put(frame{})
	return p.Plot
}

// curve adds a line through points.
func (p panel) curve(style draw.LineStyle, xys ...plotter.XY) {
	p.put(&plotter.Line{XYs: xys, LineStyle: style})
}

// upright adds a line from bottom to top.
func (p panel) upright(x float64, style draw.LineStyle) {
	p.curve(style, plotter.XY{X: x, Y: p.y.low}, plotter.XY{X: x, Y: p.y.high})
}

// level adds a line from left to right.
func (p panel) level(y float64, style draw.LineStyle) {
	p.curve(style, plotter.XY{X: p.x.low, Y: y}, plotter.XY{X: p.x.high, Y: y})
}

// hideX takes the words off the x axis.
func (p panel) hideX() { hide(&p.X) }

// hideY takes the words off the y axis.
func (p panel) hideY() { hide(&p.Y) }

func hide(a *plot.Axis) {
	a.Label.Text, a.Tick.Marker = "", wordless{a.Tick.Marker}
	a.Tick.Length *= 2 // those without words are drawn half as long
}

type wordless struct{ plot.Ticker }

// Ticks returns the ticks without their labels.
func (w wordless) Ticks(low, high float64) []plot.Tick {
	ticks := w.Ticker.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = ""
	}
	return ticks
}

// frame outlines a panel.
type frame struct{}

// Plot draws the outline.
func (frame) Plot(c draw.Canvas, _ *plot.Plot) {
	a, b := c.Min, c.Max
	c.StrokeLines(line(darkGrey, 0.6), []vg.Point{a, {X: b.X, Y: a.Y}, b, {X: a.X, Y: b.Y}, a})
}

// GlyphBoxes asks for room for the words at the ends of the x axis.
func (frame) GlyphBoxes(p *plot.Plot) (boxes []plot.GlyphBox) {
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if half := p.X.Tick.Label.Width(t.Label) / 2; half > 0 {
			boxes = append(boxes, plot.GlyphBox{X: p.X.Norm(t.Value), Rectangle: vg.Rectangle{Min: vg.Point{X: -half}, Max: vg.Point{X: half}}})
		}
	}
	return boxes
}
