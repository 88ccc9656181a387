package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// roundTicks puts four to nine ticks at multiples of 1, 2 or 5 times a power of ten, and of least where it is given. Where
// most is given, there are at most that many steps between them.
type roundTicks struct {
	least float64
	most  int
}

// Ticks returns the ticks between two values.
func (r roundTicks) Ticks(low, high float64) []plot.Tick {
	step := roundStep(max((high-low)/float64(cmp.Or(r.most, 8)), r.least))
	if r.most > 0 && math.Floor(high/step)-math.Ceil(low/step) < 1 { // one tick gives no scale
		step = max(roundStep(0.39*step), r.least)
	}
	first, last := math.Ceil(low/step), math.Floor(high/step)
	var ticks []plot.Tick
	for i := range int(min(last-first, mostTicks)) + 1 {
		value := (first+float64(i))*step + 0 // -0 becomes 0
		ticks = append(ticks, plot.Tick{Value: value, Label: tickLabel(value, step)})
	}
	return ticks
}

// minusTicks writes the minus signs of another's labels as such, not as hyphens.
type minusTicks struct{ plot.Ticker }

// Ticks returns the ticks between two values.
func (m minusTicks) Ticks(low, high float64) []plot.Tick {
	ticks := m.Ticker.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = minus(ticks[i].Label)
	}
	return ticks
}

// sparseTicks writes every so many of another's labels, that of zero among them.
type sparseTicks struct {
	plot.Ticker
	every int
}

// Ticks returns the ticks between two values.
func (s sparseTicks) Ticks(low, high float64) []plot.Tick {
	ticks := s.Ticker.Ticks(low, high)
	zero := max(slices.IndexFunc(ticks, func(t plot.Tick) bool { return t.Value == 0 }), 0)
	for i := range ticks {
		if (i-zero)%s.every != 0 {
			ticks[i].Label = ""
		}
	}
	return ticks
}

// fitTicks leaves out labels below a panel that would run into each other.
func fitTicks(p *plot.Plot, width vg.Length) {
	all, needed := p.X.Tick.Marker, func(marker plot.Ticker) (w vg.Length) {
		for _, t := range marker.Ticks(p.X.Min, p.X.Max) {
			if t.Label != "" {
				w += p.X.Tick.Label.Width(t.Label + "  ")
			}
		}
		return w
	}
	for every := 2; needed(p.X.Tick.Marker) > width && every <= mostTicks; every++ {
		p.X.Tick.Marker = sparseTicks{all, every}
	}
}

// mostTicks bounds what rounding errors may do where the range is tiny beside its ends.
const mostTicks = 10

// tickLabel writes a multiple of step, with the digits that tell it from its neighbours.
func tickLabel(value, step float64) string {
	digits := -exponent(step)
	switch size := math.Abs(value); {
	case size < 1e6 && step > 1e-5:
		return strconv.FormatFloat(value, 'f', max(digits, 0), 64)
	case value == 0:
		return "0"
	default:
		return strconv.FormatFloat(value, 'e', min(max(exponent(size)+digits, 0), 15), 64)
	}
}

// exponent returns that of the power of ten at or below x.
func exponent(x float64) int { return int(math.Floor(math.Log10(x) + 1e-9)) }

// roundStep returns the smallest of 1, 2, 5 times a power of ten that is not below least,
// and 1 where there is none.
func roundStep(least float64) float64 {
	if !(least > 1e-300) || math.IsInf(least, 0) { // below, powers of ten lose their digits
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= least {
			return factor * power
		}
	}
	return 10 * power
}
