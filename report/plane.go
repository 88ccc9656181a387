package report

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// plane is a part of a plane whose axes have one scale.
type plane struct{ x, y span }

// heatCells is how many cells the longer side of a plane has.
const heatCells = 110

// slimmest is the least ratio of a plane's sides.
const slimmest = 0.4

// newPlane widens the shorter side until it has a whole number of square cells, and is no less than slimmest.
func newPlane(x, y span) plane {
	side := max(x.width(), y.width())
	cell := side / heatCells
	whole := func(s span) span {
		extra := (math.Ceil(max(s.width(), slimmest*side)/cell-1e-9)*cell - s.width()) / 2
		return span{s.low - extra, s.high + extra}
	}
	return plane{whole(x), whole(y)}
}

const (
	barSpace = 1.5 * vg.Centimeter // at the right of a plane, for its bar of colours
	barGap   = 3 * vg.Millimeter
	barWidth = 3 * vg.Millimeter
)

// heat counts points in square cells. Its lattice goes on beyond the shorter side, where nothing is counted.
func (f plane) heat(points []plotter.XY) *density {
	side := max(f.x.width(), f.y.width())
	d := newDensity(span{f.x.low, f.x.low + side}, span{f.y.low, f.y.low + side}, heatCells)
	for _, at := range points {
		if f.x.holds(at.X) && f.y.holds(at.Y) {
			d.add(at.X, at.Y)
		}
	}
	return d
}

func (f plane) panel(x, y string) panel { return newPanel("", x, y, f.x, f.y, 6) }

// planeHeat is a plane filled with a density, and its bar of colours.
type planeHeat struct {
	panel
	most float64 // in a cell
}

// figure returns a figure as high as the plane needs.
func (h planeHeat) figure(words Figure) *Figure {
	p := h.done()
	tile := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: figureWidth - frameWidth - barSpace, Y: figureWidth}}} // to measure on
	inside := p.DataCanvas(tile).Size()
	words.width = figureWidth
	words.height = tile.Size().Y - inside.Y + frameHeight + inside.X*vg.Length(h.y.width()/h.x.width())
	words.draw = func(c draw.Canvas) {
		rest := draw.Crop(c, 0, -barSpace, 0, 0)
		p.Draw(rest)
		h.bar(c, p.DataCanvas(rest).Rectangle)
	}
	return &words
}

// bar draws the colours beside the plane, with the counts they stand for.
func (h planeHeat) bar(c draw.Canvas, beside vg.Rectangle) {
	left := beside.Max.X + barGap
	r := vg.Rectangle{Min: vg.Point{X: left, Y: beside.Min.Y}, Max: vg.Point{X: left + barWidth, Y: beside.Max.Y}}
	c.DrawImage(r, rampPicture())
	c.StrokeLines(line(darkGrey, 0.6), []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min})
	style := words(tickSize, color.Black)
	style.YAlign = text.YCenter
	for _, n := range barTicks(h.most) {
		at := vg.Point{X: r.Max.X, Y: r.Min.Y}
		if h.most > 1 {
			at.Y += vg.Length(math.Log(n)/math.Log(h.most)) * (r.Max.Y - r.Min.Y)
		}
		c.StrokeLine2(line(darkGrey, 0.5), at.X, at.Y, at.X+2, at.Y)
		c.FillText(style, vg.Point{X: at.X + 4, Y: at.Y}, strconv.FormatFloat(n, 'f', 0, 64))
	}
}

// barTicks returns powers of ten up to a count, and 2 and 5 times those where there are few.
func barTicks(most float64) (ticks []float64) {
	factors := []float64{1}
	if most < 100 {
		factors = []float64{1, 2, 5}
	}
	for power := 1.0; power <= most; power *= 10 {
		for _, f := range factors {
			if f*power <= most {
				ticks = append(ticks, f*power)
			}
		}
	}
	return ticks
}
