package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// span is a range of values.
type span struct{ low, high float64 }

func (s span) width() float64          { return s.high - s.low }
func (s span) holds(x float64) bool    { return s.low <= x && x <= s.high }
func (s span) with(x float64) span     { return span{min(s.low, x), max(s.high, x)} }
func (s span) and(other span) span     { return s.with(other.low).with(other.high) }
func (s span) share(x float64) float64 { return (x - s.low) / s.width() }

// widened adds a share of the width at both ends, and makes room about a single value.
func (s span) widened(share float64) span {
	margin := share * s.width()
	if size := max(math.Abs(s.low), math.Abs(s.high)); s.width() <= 1e-9*size || s.width() < 1e-100 {
		margin = 0.05*size + 1e-3
	}
	return span{s.low - margin, s.high + margin}
}

// middle returns the central range that holds the share of sorted values.
func middle(sorted []float64, share float64) span {
	return span{quantile(sorted, (1-share)/2), quantile(sorted, (1+share)/2)}
}

func quantile(sorted []float64, p float64) float64 {
	return stat.Quantile(p, stat.LinInterp, sorted, nil)
}

// mostSize bounds the numbers that are drawn, whose squares must not overflow.
const mostSize = 1e100

// usable tells whether a number can be drawn.
func usable(x float64) bool { return math.Abs(x) <= mostSize }

func allUsable(row []float64) bool {
	return !slices.ContainsFunc(row, func(x float64) bool { return !usable(x) })
}

// sortedUsable returns the numbers that can be drawn, sorted.
func sortedUsable(values []float64) []float64 {
	all := slices.DeleteFunc(slices.Clone(values), func(x float64) bool { return !usable(x) })
	slices.Sort(all)
	return all
}

// shortest returns the width of the shortest range that holds a share of the sorted values.
func shortest(sorted []float64, share float64) float64 {
	n := min(max(int(math.Ceil(share*float64(len(sorted)))), 1), len(sorted)-1)
	least := math.Inf(1)
	for i := range len(sorted) - n {
		least = min(least, sorted[i+n]-sorted[i])
	}
	return least
}
