package calibration

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// binomialTails holds the two-sided tail probabilities of a binomial count, as far as they were asked for.
type binomialTails struct {
	count distuv.Binomial
	known map[int]float64
}

func newBinomialTails(n int, share float64) binomialTails {
	return binomialTails{distuv.Binomial{N: float64(n), P: share}, map[int]float64{}}
}

// twoSided returns 2 min(P(X ≤ x), P(X ≥ x)).
func (t binomialTails) twoSided(x int) float64 {
	p, known := t.known[x]
	if !known {
		p = 2 * min(t.count.CDF(float64(x)), 1-t.count.CDF(float64(x-1)))
		t.known[x] = p
	}
	return p
}

// within returns the first and the last count whose two-sided probability is not below the level.
func (t binomialTails) within(level float64) (first, last int) {
	middle := int(math.Round(t.count.Mean()))
	for first = middle; first > 0 && t.twoSided(first-1) >= level; first-- {
	}
	for last = middle; last < int(t.count.N) && t.twoSided(last+1) >= level; last++ {
	}
	return first, last
}

// binomialInterval returns the central interval that holds a binomial count with at least the probability.
func binomialInterval(n int, share, probability float64) (lower, upper int) {
	if share >= 1 {
		return n, n
	}
	return newBinomialTails(n, share).within(1 - probability)
}
