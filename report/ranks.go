package report

import (
	"errors"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"github.com/gocei/gocei/posterior"
)

// Ranks draws simulation-based calibration: for each column, how often the truth had which rank among the draws, over what
// uniform ranks would give, with the range that holds 99 % of such counts.
func Ranks(s *posterior.SBC) (*Figure, error) {
	if err := checkRanks(s); err != nil {
		return nil, fmt.Errorf("report: rank histograms: %w", err)
	}
	var panels []*plot.Plot
	reach := ranksReach(s)
	for k, c := range s.Columns {
		panels = append(panels, ranksPanel(s, c, reach, k%panelsAcross == 0))
	}
	g := grid{panels: inRows(panels, panelsAcross), legend: legend{
		{"ranks", &plotter.Line{LineStyle: line(blue, 1.2)}}, {"99 % of uniform ranks", &plotter.Polygon{Color: paleGrey}},
	}}
	return g.figure(widthOf(len(panels)), 0.8, Figure{
		Name: "ranks", Title: "Simulation-based calibration",
		Caption: fmt.Sprintf("Ranks of the true values among %d draws: counts over those expected of uniform ranks, which exact posteriors have. "+
			"Grey: where each count lies with 99 %% probability. p: of the whole distribution of ranks, if they are uniform. "+
			"A hill means posteriors too wide, a valley too narrow, a slope shifted.", s.Draws),
	}), nil
}

func checkRanks(s *posterior.SBC) error {
	if s == nil || len(s.Columns) == 0 || len(s.Expected) == 0 {
		return errors.New("there are no ranks")
	}
	if len(s.Lower) != len(s.Expected) || len(s.Upper) != len(s.Expected) {
		return fmt.Errorf("%d bins have %d lower and %d upper ends", len(s.Expected), len(s.Lower), len(s.Upper))
	}
	for k, n := range s.Expected {
		if !usable(n) || n <= 0 {
			return fmt.Errorf("bin %d: %v ranks are expected: want more than 0", k, n)
		}
	}
	for _, c := range s.Columns {
		if len(c.Histogram) != len(s.Expected) {
			return fmt.Errorf("column %s has %d bins: want %d", c.Column, len(c.Histogram), len(s.Expected))
		}
	}
	return nil
}

// relative divides counts by the expected ones.
func relative(s *posterior.SBC, counts []int) bins {
	b := bins{over: span{0, float64(s.Draws + 1)}, counts: make([]float64, len(counts))}
	for k, n := range counts {
		b.counts[k] = float64(n) / s.Expected[k]
	}
	return b
}

// ranksReach returns how far counts and their band are from the expected ones, in units of these.
func ranksReach(s *posterior.SBC) float64 {
	reach := 0.05
	all := [][]int{s.Lower, s.Upper}
	for _, c := range s.Columns {
		all = append(all, c.Histogram)
	}
	for _, counts := range all {
		for _, n := range relative(s, counts).counts {
			reach = max(reach, math.Abs(n-1))
		}
	}
	return 1.1 * reach
}

func ranksPanel(s *posterior.SBC, c posterior.SBCColumn, reach float64, first bool) *plot.Plot {
	lower, upper, observed := relative(s, s.Lower), relative(s, s.Upper), relative(s, c.Histogram)
	p := newPanel(fmt.Sprintf("%s: p %s", c.Column, pText(c.ECDFPValue)), "rank", "count / expected", observed.over, span{max(1-reach, 0), 1 + reach}, 4)
	if !first {
		p.hideY()
	}
	p.put(&plotter.Polygon{XYs: []plotter.XYs{bandBetween(lower, upper)}, Color: paleGrey, LineStyle: line(color.Transparent, 0)})
	p.level(1, line(darkGrey, 0.6, dashed...))
	steps := observed.stairs()
	p.curve(line(blue, 1.2), steps[1:len(steps)-1]...)
	return p.done()
}

// pText writes a p-value, of which those from 2000 simulations are no smaller than 1/2000.
func pText(p float64) string {
	if p <= 1.0/2000 {
		return "\u2264 0.0005"
	}
	return fmt.Sprintf("= %.2g", p)
}

// bandBetween returns the outline of what lies between two histograms.
func bandBetween(lower, upper bins) plotter.XYs {
	low, high := lower.stairs(), upper.stairs()
	outline := append(plotter.XYs{}, high[1:len(high)-1]...)
	for k := len(low) - 2; k > 0; k-- {
		outline = append(outline, low[k])
	}
	return outline
}
