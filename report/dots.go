package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// dots draws many points as one shape, which in an SVG is a small part of as many shapes.
type dots struct {
	xys    plotter.XYs
	radius vg.Length
	color  color.Color
}

// Plot draws those points that are inside as little diamonds.
func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var path vg.Path
	for _, at := range d.xys {
		if o := (vg.Point{X: x(at.X), Y: y(at.Y)}); c.Contains(o) {
			path.Move(vg.Point{X: o.X - d.radius, Y: o.Y})
			path.Line(vg.Point{X: o.X, Y: o.Y + d.radius})
			path.Line(vg.Point{X: o.X + d.radius, Y: o.Y})
			path.Line(vg.Point{X: o.X, Y: o.Y - d.radius})
			path.Close()
		}
	}
	c.SetColor(d.color)
	c.Fill(path)
}

// bars draws many upright lines as one shape.
type bars struct {
	ends  [][2]plotter.XY // lower and upper
	style draw.LineStyle
}

// Plot draws what is inside of the lines.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var path vg.Path
	for _, e := range b.ends {
		for _, l := range c.ClipLinesXY([]vg.Point{{X: x(e[0].X), Y: y(e[0].Y)}, {X: x(e[1].X), Y: y(e[1].Y)}}) {
			path.Move(l[0])
			path.Line(l[len(l)-1])
		}
	}
	c.SetLineStyle(b.style)
	c.Stroke(path)
}
