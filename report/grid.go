package report

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// grid is a table of panels whose insides are of one size, below a legend. Places may be empty.
type grid struct {
	panels [][]*plot.Plot // [rows][columns]
	legend legend
}

// panelGap is what is left free between panels and their words.
const panelGap = 2 * vg.Millimeter

// panelsAcross is how many panels of many are beside each other.
const panelsAcross = 3

// widthOf is the width of a figure of so many panels.
func widthOf(panels int) vg.Length {
	if panels == 1 {
		return 9 * vg.Centimeter
	}
	return figureWidth
}

// inRows returns panels in rows of at most so many.
func inRows(panels []*plot.Plot, columns int) [][]*plot.Plot {
	columns = min(max(len(panels), 1), columns)
	var rows [][]*plot.Plot
	for len(panels) > 0 {
		row := make([]*plot.Plot, columns)
		panels = panels[copy(row, panels):]
		rows = append(rows, row)
	}
	return rows
}

// leastInside is the width below which a panel shows nothing.
const leastInside vg.Length = 1.8 * vg.Centimeter

// figure returns a figure of the width, or more where words leave too little to the panels, and as high as makes their
// insides so many times as high as wide.
func (g grid) figure(width vg.Length, ratio float64, words Figure) *Figure {
	c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: width - frameWidth, Y: width}}} // to measure on
	lefts, rights, tops, bottoms := g.margins(c)
	_, inside := divide(c.Min.X, c.Max.X, lefts, rights)
	if lacking := g.leastWidth() - inside; lacking > 0 {
		width, inside = width+lacking*vg.Length(len(lefts)), inside+lacking
	}
	for _, p := range g.all() {
		fitTicks(p, inside)
	}
	rows := vg.Length(len(tops))
	_, height := g.legend.places(width - frameWidth)
	height += frameHeight + rows*inside*vg.Length(ratio) + (rows-1)*panelGap
	for i := range tops {
		height += tops[i] + bottoms[i]
	}
	words.width, words.height, words.draw = width, height, g.draw
	return &words
}

// all returns the panels that there are.
func (g grid) all() []*plot.Plot {
	return slices.DeleteFunc(slices.Concat(g.panels...), func(p *plot.Plot) bool { return p == nil })
}

// leastWidth is the width inside a panel below which it shows nothing, or has not the room for a label under it: gonum has
// no place for panels whose words stick out on both sides.
func (g grid) leastWidth() vg.Length {
	least := leastInside
	for _, p := range g.all() {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			least = max(least, 1.3*p.X.Tick.Label.Width(t.Label))
		}
	}
	return least
}

func (g grid) draw(c draw.Canvas) {
	c = g.legend.draw(c)
	lefts, rights, tops, bottoms := g.margins(c)
	xs, width := divide(c.Min.X, c.Max.X, lefts, rights)
	ys, height := divide(-c.Max.Y, -c.Min.Y, tops, bottoms) // downwards
	for i, row := range g.panels {
		for j, p := range row {
			if p != nil {
				inside := vg.Rectangle{Min: vg.Point{X: xs[j], Y: -ys[i] - height}, Max: vg.Point{X: xs[j] + width, Y: -ys[i]}}
				p.Draw(around(p, c, inside))
			}
		}
	}
}

// margins returns what the words about the panels need in each column and row.
func (g grid) margins(c draw.Canvas) (lefts, rights, tops, bottoms []vg.Length) {
	columns, rows := len(g.panels[0]), len(g.panels)
	lefts, rights = make([]vg.Length, columns), make([]vg.Length, columns)
	tops, bottoms = make([]vg.Length, rows), make([]vg.Length, rows)
	side := max(g.leastWidth(), (c.Max.X-c.Min.X)/vg.Length(columns)*0.7) // about what there will be
	inside := vg.Rectangle{Max: vg.Point{X: side, Y: side}}
	for i, row := range g.panels {
		for j, p := range row {
			if p != nil {
				whole := around(p, c, inside)
				lefts[j], rights[j] = max(lefts[j], inside.Min.X-whole.Min.X), max(rights[j], whole.Max.X-inside.Max.X)
				bottoms[i], tops[i] = max(bottoms[i], inside.Min.Y-whole.Min.Y), max(tops[i], whole.Max.Y-inside.Max.Y)
			}
		}
	}
	return lefts, rights, tops, bottoms
}

// divide returns where parts of one length begin, which fill a line together with the margins before and after each.
func divide(from, to vg.Length, before, after []vg.Length) (starts []vg.Length, length vg.Length) {
	n := vg.Length(len(before))
	length = to - from - (n-1)*panelGap
	for k := range before {
		length -= before[k] + after[k]
	}
	length /= n
	for k := range before {
		starts = append(starts, from+before[k])
		from += before[k] + length + after[k] + panelGap
	}
	return starts, length
}

// around returns the canvas on which the panel's inside is as wanted.
func around(p *plot.Plot, c draw.Canvas, wanted vg.Rectangle) draw.Canvas {
	const ample = 8 * vg.Centimeter // for words, since a canvas with no room for them has no inside
	tile := draw.Crop(draw.Canvas{Canvas: c.Canvas, Rectangle: wanted}, -ample, ample, -ample, ample)
	for range 30 { // what the words need changes a little with the size
		got := p.DataCanvas(tile)
		low, high := wanted.Min.Sub(got.Min), wanted.Max.Sub(got.Max)
		tile.Min, tile.Max = tile.Min.Add(low), tile.Max.Add(high)
		if max(math.Abs(float64(low.X)), math.Abs(float64(high.X)), math.Abs(float64(low.Y)), math.Abs(float64(high.Y))) < 0.01 {
			break
		}
	}
	return tile
}
