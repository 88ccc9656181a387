package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/gocei/gocei/dataset"
)

const (
	mostDots   = 300  // in a panel; more events are counted in cells
	dotsInAll  = 1500 // in a figure, which many panels share
	panelCells = 56
)

// PredictedTrue draws the posterior mean over the true value of each column, tables [n, columns] of which sd are the
// posteriors' standard deviations and may be empty. A few hundred events are dots with error bars, more are a density. Rows
// that are not finite in a column's truth or mean are left out there.
func PredictedTrue(columns []Column, truth, mean, sd dataset.Matrix) (*Figure, error) {
	if err := checkPredictions(columns, truth, mean, sd); err != nil {
		return nil, fmt.Errorf("report: predicted against true: %w", err)
	}
	caption := "Posterior mean against true value"
	dotted := truth.Rows <= min(mostDots, dotsInAll/len(columns))
	switch {
	case !dotted:
		caption += "; darker cells hold more events, on a logarithmic scale."
	case sd.Rows > 0:
		caption += ", an event a dot; bars: one posterior standard deviation."
	default:
		caption += ", an event a dot."
	}
	var panels []*plot.Plot
	for j, c := range columns {
		panels = append(panels, predictedPanel(c, predictionsOf(truth, mean, sd, j), dotted, j%panelsAcross == 0))
	}
	return grid{panels: inRows(panels, panelsAcross)}.figure(widthOf(len(panels)), 1, Figure{
		Name: "predicted_true", Title: "Predicted against true",
		Caption: caption + " Dashed: where they are equal. RMSE: root mean square error of the posterior mean.",
	}), nil
}

// checkPredictions refuses tables of different shapes. Only sd may be empty.
func checkPredictions(columns []Column, truth, mean, sd dataset.Matrix) error {
	names, tables := []string{"true values", "posterior means", "standard deviations"}, []dataset.Matrix{truth, mean, sd}
	if sd.Rows == 0 {
		tables = tables[:2]
	}
	for k, m := range tables {
		if err := checkTable(names[k], m, len(columns)); err != nil {
			return err
		}
		if m.Rows != truth.Rows {
			return fmt.Errorf("%s have %d rows: the true values have %d", names[k], m.Rows, truth.Rows)
		}
	}
	return nil
}

// predictions are one column of events whose truth and mean are finite. Standard deviations that are not known are NaN.
type predictions struct{ truth, mean, sd []float64 }

func predictionsOf(truth, mean, sd dataset.Matrix, j int) (p predictions) {
	for i := range truth.Rows {
		t, m, s := truth.Row(i)[j], mean.Row(i)[j], math.NaN()
		if !usable(t) || !usable(m) {
			continue
		}
		if sd.Rows > 0 && usable(sd.Row(i)[j]) {
			s = sd.Row(i)[j]
		}
		p.truth, p.mean, p.sd = append(p.truth, t), append(p.mean, m), append(p.sd, s)
	}
	return p
}

// residuals returns mean - truth, and the same over the standard deviation where that is known and above zero.
func (p predictions) residuals() (plain, standard []float64) {
	for i, m := range p.mean {
		off := m - p.truth[i]
		plain = append(plain, off)
		if s := p.sd[i]; s > 0 && usable(off/s) {
			standard = append(standard, off/s)
		}
	}
	return plain, standard
}

func (p predictions) rmse() float64 {
	squares := 0.0
	for i, m := range p.mean {
		squares += (m - p.truth[i]) * (m - p.truth[i])
	}
	return math.Sqrt(squares / float64(len(p.mean)))
}

func predictedPanel(c Column, p predictions, dotted, first bool) *plot.Plot {
	s, note := span{0, 1}, "no finite row"
	if len(p.truth) > 0 {
		note = "RMSE " + twoDigits(p.rmse())
		s = middle(sortedUsable(p.truth), 0.998).and(middle(sortedUsable(p.mean), 0.998)).widened(0.05)
	}
	panel := newPanel(c.title()+"\n"+note, "true", "predicted", s, s, 3)
	if !first {
		panel.Y.Label.Text = ""
	}
	if dotted {
		p.dots(panel)
	} else {
		d := newDensity(s, s, panelCells)
		for i := range p.truth {
			d.add(p.truth[i], p.mean[i])
		}
		panel.put(d.heat())
	}
	panel.curve(line(vermilion, 1, dashed...), plotter.XY{X: s.low, Y: s.low}, plotter.XY{X: s.high, Y: s.high})
	return panel.done()
}

// dots draws each event.
func (p predictions) dots(panel panel) {
	xys, errorBars := make(plotter.XYs, len(p.truth)), bars{style: line(midBlue, 0.6)}
	for i, x := range p.truth {
		xys[i] = plotter.XY{X: x, Y: p.mean[i]}
		if low, high := p.mean[i]-p.sd[i], p.mean[i]+p.sd[i]; usable(low) && usable(high) {
			errorBars.ends = append(errorBars.ends, [2]plotter.XY{{X: x, Y: low}, {X: x, Y: high}})
		}
	}
	panel.put(errorBars, dots{xys, vg.Points(1.5), blue})
}
