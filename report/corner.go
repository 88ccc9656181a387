package report

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/gocei/gocei/dataset"
)

const (
	cornerDraws   = 100_000 // more change no picture
	cornerReach   = 0.998   // of the draws that a panel shows in each direction
	leastOfPanel  = 2.3 * vg.Centimeter
	cornerMargins = 2 * vg.Centimeter
	mostOutlined  = 6 // columns; lines about the regions of more would make a large file
)

// Corner draws a posterior from draws [n, columns]: each column's marginal density with the median and the central 68 %
// interval, and below them each pair's joint density with the highest-density regions that hold 68 and 95 % of the draws.
// The truth [columns] is marked; nil where it is not known, NaN where that of a column is not. Draws that are not finite are
// left out; it is an error if none is left.
func Corner(columns []Column, draws dataset.Matrix, truth []float64) (*Figure, error) {
	if err := checkTable("draws", draws, len(columns)); err != nil {
		return nil, fmt.Errorf("report: corner plot: %w", err)
	}
	if truth != nil && len(truth) != len(columns) {
		return nil, fmt.Errorf("report: corner plot: the truth has %d numbers: want %d", len(truth), len(columns))
	}
	left := usableRows(draws)
	if left.Rows == 0 {
		return nil, fmt.Errorf("report: corner plot: draws: %w", errNothing)
	}
	c := newCorner(columns, thinned(left, cornerDraws), truth)
	width := max(figureWidth, cornerMargins+vg.Length(len(columns))*leastOfPanel)
	return grid{panels: c.panels(), legend: c.legend()}.figure(width, 0.9, Figure{
		Name: "corner", Title: "Posterior", Caption: c.caption(draws.Rows - left.Rows),
	}), nil
}

// corner is a corner plot that is being drawn.
type corner struct {
	columns        []Column
	values, sorted [][]float64 // [columns][draws]
	truth          []float64   // NaN where it is not known
	spans          []span      // [columns]
	cells          int
}

func newCorner(columns []Column, draws dataset.Matrix, truth []float64) *corner {
	c := &corner{columns: columns, cells: min(max(240/len(columns), 20), 72)} // smaller panels show less
	for j := range columns {
		values := column(draws, j)
		sorted := sortedUsable(values)
		s := middle(sorted, cornerReach)
		known := math.NaN()
		if truth != nil && usable(truth[j]) {
			known = truth[j]
			s = s.with(known)
		}
		c.values, c.sorted, c.truth = append(c.values, values), append(c.sorted, sorted), append(c.truth, known)
		c.spans = append(c.spans, s.widened(0.06))
	}
	return c
}

func (c *corner) caption(leftOut int) string {
	text := "Posterior of one event. On the diagonal, marginal densities with median (line) and central 68 % interval (dark); " +
		"below, joint densities with the regions of highest density that hold 68 % (dark) and 95 % (light) of the draws."
	if c.anyTruth() {
		text += " Lines through all panels: the true value."
	}
	return text + leftOutWords(leftOut, "draw")
}

// leftOutWords says how many were not drawn.
func leftOutWords(n int, what string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" One %s that is not finite is left out.", what)
	}
	return fmt.Sprintf(" %d %ss that are not finite are left out.", n, what)
}

func (c *corner) anyTruth() bool {
	for _, x := range c.truth {
		if usable(x) {
			return true
		}
	}
	return false
}

func (c *corner) legend() legend {
	l := legend{
		{"68 % of draws", &plotter.Polygon{Color: midBlue, LineStyle: line(blue, 0.8)}},
		{"95 %", &plotter.Polygon{Color: paleBlue, LineStyle: line(blue, 0.8)}},
		{"median", &plotter.Line{LineStyle: line(blue, 1.2)}},
	}
	if c.anyTruth() {
		l = append(l, legendEntry{"truth", &plotter.Line{LineStyle: line(vermilion, 1.2, dashed...)}})
	}
	return l
}

func (c *corner) panels() [][]*plot.Plot {
	rows := make([][]*plot.Plot, len(c.columns))
	for i := range rows {
		rows[i] = make([]*plot.Plot, len(c.columns))
		for j := range i {
			rows[i][j] = c.joint(i, j)
		}
		rows[i][i] = c.marginal(i)
	}
	return rows
}

// intervals is how many steps between ticks a panel has room for.
func (c *corner) intervals() int { return min(max(7-len(c.columns), 2), 4) }

// marginal draws column i alone.
func (c *corner) marginal(i int) *plot.Plot {
	b := binned(c.values[i], c.spans[i], binsFor(c.sorted[i], c.spans[i], 40))
	p := newPanel(" ", c.columns[i].title(), "", c.spans[i], span{0, 1.08 * b.highest()}, c.intervals())
	p.Title.TextStyle.Font.Size = textSize + 1 // room for the interval's two lines
	p.hideY()
	p.Y.Tick.Marker = plot.ConstantTicks{}
	if i < len(c.columns)-1 {
		p.hideX()
	}
	p.put(b.filled(paleBlue, line(blue, 0.8)))
	inner := middle(c.sorted[i], 0.68)
	median := quantile(c.sorted[i], 0.5)
	p.put(b.between(inner).filled(midBlue, line(color.Transparent, 0)))
	p.upright(median, line(blue, 1.2))
	c.markTruth(p, i, -1)
	p.put(heading{c.columns[i].label(), intervalText(inner.low, median, inner.high)})
	return p.done()
}

// joint draws column i over column j.
func (c *corner) joint(i, j int) *plot.Plot {
	p := newPanel("", c.columns[j].title(), c.columns[i].title(), c.spans[j], c.spans[i], c.intervals())
	if i < len(c.columns)-1 {
		p.hideX()
	}
	if j > 0 {
		p.hideY()
	}
	for _, r := range regions(c.values[j], c.values[i], c.spans[j], c.spans[i], c.cells) {
		if len(c.columns) > mostOutlined {
			r.LineStyle.Width = 0
		}
		p.put(r)
	}
	c.markTruth(p, j, i)
	return p.done()
}

// markTruth marks the true values on the axes of columns x and y, where there is one.
func (c *corner) markTruth(p panel, x, y int) {
	style := line(vermilion, 1.2, dashed...)
	if usable(c.truth[x]) {
		p.upright(c.truth[x], style)
	}
	if y >= 0 && usable(c.truth[y]) {
		p.level(c.truth[y], style)
	}
}
