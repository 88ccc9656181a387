package report

import (
	"fmt"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// EnergyRelease draws the kinetic energy release, in eV, of measured events and of draws exploded again, as densities. Either
// may be empty. Numbers that are not finite are left out; it is an error if none is left.
func EnergyRelease(data, draws []float64) (*Figure, error) {
	measured, exploded := sortedUsable(data), sortedUsable(draws)
	both := sortedUsable(append(append([]float64{}, data...), draws...))
	if len(both) == 0 {
		return nil, fmt.Errorf("report: kinetic energy release: %w", errNothing)
	}
	s := span{both[0], both[0]}
	for _, sorted := range [][]float64{measured, exploded} {
		if len(sorted) > 0 {
			s = s.and(middle(sorted, 0.995))
		}
	}
	s = s.widened(0.05)
	a, b, keys := energyPanels(measured, exploded, s)
	p := newPanel("", "kinetic energy release (eV)", "density (1/eV)", s, span{0, 1.08 * max(a.highest(), b.highest())}, 6)
	if len(measured) > 0 {
		p.put(a.filled(paleBlue, line(blue, 0.8)))
	}
	if len(exploded) > 0 {
		steps := b.stairs()
		p.curve(line(vermilion, 1.2), steps...)
	}
	return grid{panels: [][]*plot.Plot{{p.done()}}, legend: keys}.figure(figureWidth, 0.55, Figure{
		Name: "energy_release", Title: "Kinetic energy release",
		Caption: "Kinetic energy release of the measured events, and of posterior draws for them that were exploded again." + leftOutWords(len(data)+len(draws)-len(both), "number"),
	}), nil
}

// energyPanels returns both histograms in the same bins.
func energyPanels(measured, exploded []float64, s span) (a, b bins, keys legend) {
	n := 5
	for _, sorted := range [][]float64{measured, exploded} {
		if len(sorted) > 0 {
			n = max(n, binsFor(sorted, s, 80))
		}
	}
	a, b = binned(measured, s, n).densities(), binned(exploded, s, n).densities()
	if len(measured) > 0 {
		keys = append(keys, legendEntry{"data, " + about(measured), &plotter.Polygon{Color: paleBlue, LineStyle: line(blue, 0.8)}})
	}
	if len(exploded) > 0 {
		keys = append(keys, legendEntry{"re-exploded draws, " + about(exploded), &plotter.Line{LineStyle: line(vermilion, 1.2)}})
	}
	return a, b, keys
}

func about(values []float64) string {
	mean, sd := stat.Mean(values, nil), 0.0
	if len(values) > 1 {
		sd = stat.StdDev(values, nil)
	}
	text := intervalText(mean-sd, mean, mean+sd)
	if text.up == "" {
		return text.value + " eV"
	}
	return text.value + " \u00b1 " + text.up[1:] + " eV"
}
