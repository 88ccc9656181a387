package main

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curve is one of the three costs.
type curve struct {
	name   string
	color  color.Color
	dashes []vg.Length
	of     func(point) *float64
}

// The colours are some that colour-blind readers can tell apart (Okabe & Ito 2008, Color Universal Design).
var curves = []curve{
	{"PyTorch, not compiled", color.RGBA{R: 213, G: 94, B: 0, A: 255}, nil, func(p point) *float64 { return p.peer }},
	{"cei", color.RGBA{R: 0, G: 114, B: 178, A: 255}, nil, func(p point) *float64 { return p.ours }},
	{"floor", color.RGBA{R: 90, G: 90, B: 90, A: 255}, []vg.Length{vg.Points(3), vg.Points(2)}, func(p point) *float64 { return p.floor }},
}

// panel draws a sweep with both axes logarithmic.
func (s sweep) panel() (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = s.title, s.along.name, "time of a step (ms)"
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		style.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(9)}
	}
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = s.sizeTicks(), plot.TickerFunc(powerTicks)
	p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(2)
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(4), -vg.Points(22) // into the frame, whose top lies below that of the picture
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{Y: 225}, color.Gray{Y: 225}
	p.Add(grid)
	for _, c := range curves {
		if err := c.add(p, s); err != nil {
			return nil, err
		}
	}
	// Whole powers of ten, so that at least two ticks have a label, and room for the legend.
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(p.Y.Min))), math.Pow(10, math.Ceil(math.Log10(p.Y.Max)+0.5))
	return p, nil
}

// add draws the points of the curve that were measured.
func (c curve) add(p *plot.Plot, s sweep) error {
	var points plotter.XYs
	for _, at := range s.points {
		if v := c.of(at); v != nil && *v > 0 {
			points = append(points, plotter.XY{X: float64(at.size), Y: *v})
		}
	}
	if len(points) == 0 {
		return nil
	}
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	line.LineStyle = draw.LineStyle{Color: c.color, Width: vg.Points(1.5), Dashes: c.dashes}
	dots.GlyphStyle = draw.GlyphStyle{Color: c.color, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}
	p.Add(line, dots)
	p.Legend.Add(c.name, line, dots)
	return nil
}

// sizeTicks marks the sizes that were measured.
func (s sweep) sizeTicks() plot.Ticker {
	var ticks plot.ConstantTicks
	for _, p := range s.points {
		ticks = append(ticks, plot.Tick{Value: float64(p.size), Label: strconv.Itoa(p.size)})
	}
	return ticks
}

// powerTicks marks the powers of ten with a label, and what lies between without.
func powerTicks(low, high float64) (ticks []plot.Tick) {
	for power := math.Floor(math.Log10(low)); power <= math.Ceil(math.Log10(high)); power++ {
		for digit := 1.0; digit < 10; digit++ {
			v, label := digit*math.Pow(10, power), ""
			if digit == 1 {
				label = strconv.FormatFloat(v, 'g', -1, 64)
			}
			if v >= low*0.999 && v <= high*1.001 {
				ticks = append(ticks, plot.Tick{Value: v, Label: label})
			}
		}
	}
	return ticks
}
