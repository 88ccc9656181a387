package report

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// bins is a histogram of equal bins.
type bins struct {
	over   span
	counts []float64
	total  int // values, those outside too
}

// binned counts values over a range.
func binned(values []float64, over span, n int) bins {
	b := bins{over: over, counts: make([]float64, n), total: len(values)}
	for _, v := range values {
		if over.holds(v) {
			b.counts[min(int(over.share(v)*float64(n)), n-1)]++
		}
	}
	return b
}

// binsFor returns how many bins over a range suit sorted values, by the rule of D. Freedman and P. Diaconis,
// Z. Wahrscheinlichkeitstheorie verw. Gebiete 57, 453 (1981), from the distance of the quartiles, or where the densest
// quarter is narrow, as of two peaks far apart, from that of a normal density whose densest quarter is as wide.
func binsFor(sorted []float64, over span, most int) int {
	quartiles := min(middle(sorted, 0.5).width(), shortest(sorted, 0.25)/densestQuarter*normalQuartiles)
	width := 2 * quartiles * math.Pow(float64(len(sorted)), -1.0/3)
	if !(width > 0) {
		return most
	}
	return int(min(max(math.Ceil(over.width()/width), 5), float64(most)))
}

const normalQuartiles = 1.349 // their distance, of a standard normal density

// densities divides the counts by the number of values and the bins' width.
func (b bins) densities() bins {
	scaled := bins{b.over, make([]float64, len(b.counts)), b.total}
	for i, n := range b.counts {
		scaled.counts[i] = n / float64(max(b.total, 1)) / (b.over.width() / float64(len(b.counts)))
	}
	return scaled
}

func (b bins) highest() float64 {
	most := 0.0
	for _, n := range b.counts {
		most = max(most, n)
	}
	return most
}

func (b bins) edge(i int) float64 {
	return b.over.low + float64(i)/float64(len(b.counts))*b.over.width()
}

// stairs returns the histogram's outline, from and to the base line.
func (b bins) stairs() plotter.XYs {
	xys := plotter.XYs{{X: b.edge(0)}}
	for i, n := range b.counts {
		xys = append(xys, plotter.XY{X: b.edge(i), Y: n}, plotter.XY{X: b.edge(i + 1), Y: n})
	}
	return append(xys, plotter.XY{X: b.edge(len(b.counts))})
}

// filled returns the histogram as an area.
func (b bins) filled(fill color.Color, outline draw.LineStyle) *plotter.Polygon {
	return &plotter.Polygon{XYs: []plotter.XYs{b.stairs()}, Color: fill, LineStyle: outline}
}

// between returns the part of the histogram in a range.
func (b bins) between(s span) outline { return outline{b, s} }

// outline is a part of a histogram.
type outline struct {
	bins
	within span
}

func (o outline) filled(fill color.Color, style draw.LineStyle) *plotter.Polygon {
	xys := o.stairs()
	for i := range xys {
		xys[i].X = min(max(xys[i].X, o.within.low), o.within.high)
	}
	return &plotter.Polygon{XYs: []plotter.XYs{xys}, Color: fill, LineStyle: style}
}
