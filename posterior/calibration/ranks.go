package calibration

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// Ranks counts which ranks truths had among L draws each.
type Ranks struct {
	counts []int // [L+1]
	events int
}

// NewRanks returns an empty count of ranks among that many draws.
func NewRanks(draws int) *Ranks { return &Ranks{counts: make([]int, max(draws, 0)+1)} }

// Add counts a rank, from 0 to Draws. Others are an error.
func (r *Ranks) Add(rank int) error {
	if rank < 0 || rank >= len(r.counts) {
		return fmt.Errorf("calibration: count rank %d: want 0 to %d", rank, r.Draws())
	}
	r.counts[rank]++
	r.events++
	return nil
}

// Events returns how many ranks were counted.
func (r *Ranks) Events() int { return r.events }

// Draws returns L, the number of draws that truths are ranked among.
func (r *Ranks) Draws() int { return len(r.counts) - 1 }

// below returns how many ranks are below each of the cuts, which ascend.
func (r *Ranks) below(cuts []int) []int {
	all := make([]int, len(cuts))
	total, rank := 0, 0
	for k, cut := range cuts {
		for ; rank < cut; rank++ {
			total += r.counts[rank]
		}
		all[k] = total
	}
	return all
}

// cuts divides the ranks 0 to L into at most n parts, as equal as can be, and returns where each ends [n].
func (r *Ranks) cuts(n int) []int {
	n = max(min(n, len(r.counts)), 1)
	ends := make([]int, n)
	for k := range ends {
		ends[k] = (k + 1) * len(r.counts) / n
	}
	return ends
}

// Histogram is how many ranks fell into each of some bins.
type Histogram struct {
	Counts   []int     // [bins]
	Expected []float64 // of uniform ranks
	// Lower and Upper hold each count of uniform ranks, taken alone, with at least the probability asked for: quantiles of
	// the binomial distribution.
	Lower, Upper []int
}

// Histogram returns the ranks in at most that many bins of equal width, or nearly so where L+1 cannot be divided evenly.
func (r *Ranks) Histogram(bins int, probability float64) Histogram {
	ends := r.cuts(bins)
	h := Histogram{Counts: r.below(ends)}
	for k := len(ends) - 1; k > 0; k-- {
		h.Counts[k] -= h.Counts[k-1]
	}
	start := 0
	for _, end := range ends {
		share := float64(end-start) / float64(len(r.counts))
		lower, upper := binomialInterval(r.events, share, probability)
		h.Expected, h.Lower, h.Upper = append(h.Expected, share*float64(r.events)), append(h.Lower, lower), append(h.Upper, upper)
		start = end
	}
	return h
}

// ChiSquared returns Pearson's statistic of the histogram against uniform ranks, and the probability of one as large if
// ranks are uniform. It is good from about five expected in a bin. Nothing counted, and one bin, have probability 1.
func (h Histogram) ChiSquared() (statistic, pValue float64) {
	for k, expected := range h.Expected {
		if expected > 0 {
			off := float64(h.Counts[k]) - expected
			statistic += off * off / expected
		}
	}
	if len(h.Counts) < 2 {
		return statistic, 1
	}
	return statistic, distuv.ChiSquared{K: float64(len(h.Counts) - 1)}.Survival(statistic)
}

// Coverage returns how often the rank is among the lowest p of all, between ranks by interpolation: of density ranks, the
// expected coverage of the highest-density region with probability p; of distance ranks, that of TARP's ball.
func (r *Ranks) Coverage(p float64) Proportion {
	return Proportion{Hits: r.lowest(p * float64(len(r.counts))), Of: r.events}
}

// CentralCoverage returns how often the rank is among the middle p of all: of ranks of a coordinate, the coverage of its
// central interval with probability p.
func (r *Ranks) CentralCoverage(p float64) Proportion {
	all := float64(len(r.counts))
	return Proportion{Hits: r.lowest((1+p)/2*all) - r.lowest((1-p)/2*all), Of: r.events}
}

// lowest returns how many ranks are among the lowest x of L+1, counting the rank at the edge by its part.
func (r *Ranks) lowest(x float64) float64 {
	x = min(max(x, 0), float64(len(r.counts)))
	whole := int(x)
	hits := float64(r.below([]int{whole})[0])
	if whole < len(r.counts) {
		hits += (x - float64(whole)) * float64(r.counts[whole])
	}
	return hits
}
