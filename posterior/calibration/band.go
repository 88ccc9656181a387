package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	mostCuts    = 100  // points at which the distribution function is looked at
	simulations = 1999 // sets of uniform ranks that the band is made from
)

// Band is the simultaneous band within which the empirical distribution function of uniform ranks stays, at every point
// at once, with a given probability (T. Säilynoja, P.-C. Bürkner and A. Vehtari, Stat. Comput. 32, 32 (2022),
// arXiv:2103.10522, section 2.2: pointwise binomial intervals, whose level is adjusted by simulation). It is the same for
// all ranks of as many events and draws.
type Band struct {
	events, draws int
	cuts          []int
	tails         []binomialTails // [cuts]
	null          []float64       // statistics of simulated uniform ranks, ascending
}

// NewBand simulates the band for ranks of that many events among that many draws. The same seed gives the same band.
func NewBand(events, draws int, seed uint64) (*Band, error) {
	if events < 1 || draws < 1 {
		return nil, fmt.Errorf("calibration: make band for %d events and %d draws: want at least 1 of each", events, draws)
	}
	b := &Band{events: events, draws: draws}
	ends := NewRanks(draws).cuts(mostCuts)
	b.cuts = ends[:len(ends)-1] // everything is below the last
	for _, cut := range b.cuts {
		b.tails = append(b.tails, newBinomialTails(events, float64(cut)/float64(draws+1)))
	}
	source := rand.NewPCG(seed, 0xec)
	below := make([]int, len(b.cuts))
	for range simulations {
		b.simulate(below, source)
		b.null = append(b.null, b.statistic(below))
	}
	slices.Sort(b.null)
	return b, nil
}

// simulate draws how many uniform ranks are below each cut.
func (b *Band) simulate(below []int, source rand.Source) {
	seen, last := 0, 0
	for k, cut := range b.cuts {
		share := float64(cut-last) / float64(b.draws+1-last)
		if left := b.events - seen; left > 0 {
			seen += int(distuv.Binomial{N: float64(left), P: share, Src: source}.Rand())
		}
		below[k], last = seen, cut
	}
}

// statistic returns the smallest two-sided binomial probability over all cuts.
func (b *Band) statistic(below []int) float64 {
	least := 1.0
	for k, n := range below {
		least = min(least, b.tails[k].twoSided(n))
	}
	return least
}

// PValue returns the probability that uniform ranks leave the distribution function as far as these do, anywhere, to
// within its simulation: never below 1/2000.
func (b *Band) PValue(r *Ranks) (float64, error) {
	if err := b.check(r); err != nil {
		return 0, err
	}
	smaller, _ := slices.BinarySearch(b.null, math.Nextafter(b.statistic(r.below(b.cuts)), 2))
	return float64(smaller+1) / float64(len(b.null)+1), nil
}

func (b *Band) check(r *Ranks) error {
	if r.Events() != b.events || r.Draws() != b.draws {
		return fmt.Errorf("calibration: compare ranks of %d events among %d draws with a band for %d and %d",
			r.Events(), r.Draws(), b.events, b.draws)
	}
	return nil
}

// DifferencePoint is the empirical distribution function less the uniform one, at a share of the ranks, and the band
// around it.
type DifferencePoint struct {
	At, Difference, Lower, Upper float64
}

// Differences returns the difference of the distribution functions at every point, in the band that has the
// probability, such as 0.99, of holding those of uniform ranks.
func (b *Band) Differences(r *Ranks, probability float64) ([]DifferencePoint, error) {
	if err := b.check(r); err != nil {
		return nil, err
	}
	outside := int((1 - probability) * float64(len(b.null)+1)) // of as many sets of uniform ranks as were simulated, and these
	level := b.null[min(max(outside-1, 0), len(b.null)-1)]
	points := make([]DifferencePoint, len(b.cuts))
	for k, below := range r.below(b.cuts) {
		share := float64(b.cuts[k]) / float64(b.draws+1)
		lower, upper := b.tails[k].within(level)
		n := float64(b.events)
		points[k] = DifferencePoint{At: share, Difference: float64(below)/n - share, Lower: float64(lower)/n - share, Upper: float64(upper)/n - share}
	}
	return points, nil
}
