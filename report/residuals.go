package report

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"github.com/gocei/gocei/dataset"
)

// Residuals draws histograms of posterior mean minus truth for each column, and beside them of the same in units of the
// posterior's standard deviation, with the standard normal curve. Tables are as PredictedTrue takes them; without sd, the
// second are left out.
func Residuals(columns []Column, truth, mean, sd dataset.Matrix) (*Figure, error) {
	if err := checkPredictions(columns, truth, mean, sd); err != nil {
		return nil, fmt.Errorf("report: residuals: %w", err)
	}
	var panels []*plot.Plot
	for j, c := range columns {
		plain, standard := predictionsOf(truth, mean, sd, j).residuals()
		panels = append(panels, plainPanel(c, plain))
		if sd.Rows > 0 {
			panels = append(panels, standardPanel(c, standard))
		}
	}
	caption, n, keys := "Posterior mean minus true value; numbers: mean \u00b1 standard deviation.", panelsAcross, legend(nil)
	if sd.Rows > 0 {
		caption = "Posterior mean minus true value (left), and the same in units of the posterior's standard deviation (right), which is standard normal where posteriors are normal and calibrated; numbers: mean \u00b1 standard deviation."
		n = 2
		keys = legend{{"events", &plotter.Polygon{Color: paleBlue, LineStyle: line(blue, 0.8)}}, {"standard normal", &plotter.Line{LineStyle: line(vermilion, 1.2)}}}
	}
	return grid{panels: inRows(panels, n), legend: keys}.figure(widthOf(len(panels)), 0.5, Figure{Name: "residuals", Title: "Residuals", Caption: caption}), nil
}

// histogramPanel fills a panel with a histogram.
func histogramPanel(title, x string, values []float64, over span, least float64) panel {
	b := binned(values, over, 40)
	if sorted := sortedUsable(values); len(sorted) > 0 {
		b = binned(values, over, binsFor(sorted, over, 60))
	}
	b = b.densities()
	p := newPanel(title, x, "", over, span{0, 1.08 * max(b.highest(), least)}, 4)
	p.hideY()
	p.Y.Tick.Marker = plot.ConstantTicks{}
	p.put(b.filled(paleBlue, line(blue, 0.8)))
	return p
}

func plainPanel(c Column, values []float64) *plot.Plot {
	s, note := span{-1, 1}, "no finite row"
	if sorted := sortedUsable(values); len(sorted) > 0 {
		s = middle(sorted, 0.99).with(0).widened(0.15)
		note = spread(sorted)
	}
	p := histogramPanel(c.label()+": "+note, withUnit("residual", c.Unit), values, s, 0)
	p.upright(0, line(darkGrey, 0.8, dashed...))
	return p.done()
}

func withUnit(words, unit string) string { return Column{Name: words, Unit: unit}.title() }

const standardReach = 4.5 // standard deviations

func standardPanel(c Column, values []float64) *plot.Plot {
	s, normal := span{-standardReach, standardReach}, distuv.UnitNormal
	p := histogramPanel(c.label()+": "+standardNote(values), "residual / posterior sd", values, s, normal.Prob(0))
	curve := plotter.XYs{}
	for k := range 91 {
		x := s.low + float64(k)/90*s.width()
		curve = append(curve, plotter.XY{X: x, Y: normal.Prob(x)})
	}
	p.curve(line(vermilion, 1.2), curve...)
	return p.done()
}

func standardNote(values []float64) string {
	if len(values) == 0 {
		return "no finite row"
	}
	note, outside := spread(values), 0
	for _, v := range values {
		if math.Abs(v) > standardReach {
			outside++
		}
	}
	if outside > 0 {
		note += fmt.Sprintf(" (%s %% outside)", twoDigits(100*float64(outside)/float64(len(values))))
	}
	return note
}

// spread writes mean ± standard deviation.
func spread(values []float64) string {
	if len(values) == 1 {
		return twoDigits(values[0])
	}
	return twoDigits(stat.Mean(values, nil)) + " \u00b1 " + twoDigits(stat.StdDev(values, nil))
}
