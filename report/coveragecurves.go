package report

import (
	"cmp"
	"errors"
	"image/color"
	"maps"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gocei/gocei/posterior"
)

// CoverageCurves draws how often regions of the posteriors hold the truth over their probability, and the difference of
// the two: central intervals (the mean of all columns), highest-density regions, and the balls of TARP. Bars are standard
// errors; the band holds the whole curve of exact posteriors with 99 % probability.
func CoverageCurves(e *posterior.Evaluation) (*Figure, error) {
	curves := coverageCurvesOf(e)
	if len(curves) == 0 {
		return nil, errors.New("report: coverage: the evaluation has none")
	}
	var keys legend
	for _, c := range curves {
		keys = append(keys, legendEntry{c.name, c.thumbnail()})
	}
	band := bandOf(curves)
	caption := "How often regions of the posteriors hold the true values, over the probability that they claim (left), and the difference of the two (right); bars: standard errors. " +
		"Below the diagonal, posteriors are too narrow; above, too wide."
	if len(band) > 0 {
		keys = append(keys, legendEntry{"99 % band", &plotter.Polygon{Color: paleGrey}})
		caption += " Grey: where the whole curve of exact posteriors lies with 99 % probability, for highest-density regions and TARP."
	}
	g := grid{panels: [][]*plot.Plot{{observedPanel(curves, band), differencePanel(curves, band)}}, legend: keys}
	return g.figure(figureWidth, 1, Figure{Name: "coverage", Title: "Coverage", Caption: caption}), nil
}

// coverageCurve is one kind of region.
type coverageCurve struct {
	name   string
	color  color.Color
	shape  draw.GlyphDrawer
	points []posterior.CoveragePoint
}

func coverageCurvesOf(e *posterior.Evaluation) (all []coverageCurve) {
	if e == nil {
		return nil
	}
	add := func(name string, c color.Color, shape draw.GlyphDrawer, curve []posterior.CoveragePoint, levels, errs posterior.Coverage) {
		if len(curve) == 0 {
			curve = curveOf(levels, errs)
		}
		unusable := func(p posterior.CoveragePoint) bool {
			return !allUsable([]float64{p.Nominal, p.Observed, p.StandardError, p.Lower, p.Upper})
		}
		if curve = slices.DeleteFunc(slices.Clone(curve), unusable); len(curve) > 0 {
			all = append(all, coverageCurve{name, c, shape, curve})
		}
	}
	add("central intervals", blue, draw.CircleGlyph{}, e.CoverageCurve, e.Coverage, e.CoverageError)
	if h := e.HighestDensity; h != nil {
		add("highest density", vermilion, draw.BoxGlyph{}, h.Curve, h.Coverage, h.StandardError)
	}
	if t := e.TARP; t != nil {
		add("TARP", green, draw.PyramidGlyph{}, t.Curve, t.Coverage, t.StandardError)
	}
	return all
}

// curveOf makes a curve of the few levels that every evaluation has.
func curveOf(levels, errs posterior.Coverage) (curve []posterior.CoveragePoint) {
	for _, key := range slices.Sorted(maps.Keys(levels)) {
		if p, err := strconv.ParseFloat(key, 64); err == nil {
			curve = append(curve, posterior.CoveragePoint{Nominal: p, Observed: levels[key], StandardError: errs[key]})
		}
	}
	slices.SortFunc(curve, func(a, b posterior.CoveragePoint) int { return cmp.Compare(a.Nominal, b.Nominal) })
	return curve
}

// bandOf returns the curve that has a band, of the most points; nil where none has. Bands of as many events differ by
// less than can be seen.
func bandOf(curves []coverageCurve) (band []posterior.CoveragePoint) {
	for _, c := range curves {
		if c.points[0].Upper > 0 && len(c.points) > len(band) {
			band = c.points
		}
	}
	return band
}

func (c coverageCurve) glyph() draw.GlyphStyle {
	return draw.GlyphStyle{Color: c.color, Radius: vg.Points(2), Shape: c.shape}
}

func (c coverageCurve) thumbnail() plot.Thumbnailer {
	return &plotter.Scatter{GlyphStyle: c.glyph()}
}

func observedPanel(curves []coverageCurve, band []posterior.CoveragePoint) *plot.Plot {
	p := newPanel("", "nominal probability", "observed share", span{0, 1}, span{0, 1}, 5)
	value := func(_, y float64) float64 { return y }
	p.put(bandArea(band, value))
	p.curve(line(darkGrey, 0.8, dashed...), plotter.XY{}, plotter.XY{X: 1, Y: 1})
	for _, c := range curves {
		c.put(p, value, 0)
	}
	return p.done()
}

func differencePanel(curves []coverageCurve, band []posterior.CoveragePoint) *plot.Plot {
	value := func(x, y float64) float64 { return y - x }
	reach := 0.01
	for _, c := range curves {
		for _, at := range c.points {
			reach = max(reach, math.Abs(at.Observed-at.Nominal)+at.StandardError)
		}
	}
	for _, at := range band {
		reach = max(reach, at.Upper-at.Nominal, at.Nominal-at.Lower)
	}
	p := newPanel("", "nominal probability", "observed \u2212 nominal", span{0, 1}, span{-1.1 * reach, 1.1 * reach}, 5)
	p.put(bandArea(band, value))
	p.level(0, line(darkGrey, 0.8, dashed...))
	for k, c := range curves {
		c.put(p, value, 0.008*(float64(k)-1))
	}
	return p.done()
}

// put draws points with their errors, joined, a little aside to keep bars of several curves apart.
func (c coverageCurve) put(p panel, value func(x, y float64) float64, aside float64) {
	errorBars := bars{style: line(c.color, 0.8)}
	var xys plotter.XYs
	for _, at := range c.points {
		x := at.Nominal + aside
		xys = append(xys, plotter.XY{X: x, Y: value(at.Nominal, at.Observed)})
		errorBars.ends = append(errorBars.ends, [2]plotter.XY{
			{X: x, Y: value(at.Nominal, at.Observed-at.StandardError)}, {X: x, Y: value(at.Nominal, at.Observed+at.StandardError)},
		})
	}
	p.put(errorBars)
	p.curve(line(c.color, 0.8), xys...)
	p.put(&plotter.Scatter{XYs: xys, GlyphStyle: c.glyph()})
}

// bandArea returns the band, which is a point at both ends.
func bandArea(band []posterior.CoveragePoint, value func(x, y float64) float64) *plotter.Polygon {
	outline := plotter.XYs{{X: 0, Y: 0}}
	for _, at := range band {
		outline = append(outline, plotter.XY{X: at.Nominal, Y: value(at.Nominal, at.Upper)})
	}
	outline = append(outline, plotter.XY{X: 1, Y: value(1, 1)})
	for _, at := range slices.Backward(band) {
		outline = append(outline, plotter.XY{X: at.Nominal, Y: value(at.Nominal, at.Lower)})
	}
	return &plotter.Polygon{XYs: []plotter.XYs{outline}, Color: paleGrey, LineStyle: line(color.Transparent, 0)}
}
