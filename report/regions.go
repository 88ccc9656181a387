package report

import (
	"gonum.org/v1/plot/plotter"
)

const levelDraws = 20_000 // that contours are chosen by

// regions returns the regions of highest density that hold 95 and 68 % of points.
func regions(xs, ys []float64, x, y span, cells int) []*plotter.Polygon {
	d, us, vs := newDensity(x, y, cells), []float64(nil), []float64(nil)
	for i := range xs {
		if x.holds(xs[i]) && y.holds(ys[i]) {
			d.add(xs[i], ys[i])
			us, vs = append(us, x.share(xs[i])*float64(cells)), append(vs, y.share(ys[i])*float64(cells))
		}
	}
	if len(us) < 2 {
		return nil
	}
	d.smooth(kernelFor(us, vs))
	step := (len(xs)-1)/levelDraws + 1
	var someX, someY []float64
	for i := 0; i < len(xs); i += step {
		someX, someY = append(someX, xs[i]), append(someY, ys[i])
	}
	return []*plotter.Polygon{
		{XYs: d.rings(d.level(someX, someY, 0.95)), Color: paleBlue, LineStyle: line(blue, 0.6)},
		{XYs: d.rings(d.level(someX, someY, 0.68)), Color: midBlue, LineStyle: line(blue, 0.8)},
	}
}
