package calibration_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/posterior/calibration"
)

// ranksBy returns the ranks of 1000 events among 99 draws each, by one of the three methods.
func ranksBy(t *testing.T, by string, c claim, seed uint64) *calibration.Ranks {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	ranks := calibration.NewRanks(99)
	for range 1000 {
		e := c.observe(random, 99)
		var rank int
		switch by {
		case "coordinate":
			rank = calibration.Rank(column(e.draws, 0), e.truth[0], random)
		case "density":
			rank = calibration.DensityRank(e.logDraws, e.logTruth, random)
		case "distance":
			reference := []float64{40 * (random.Float64() - 0.5), 40 * (random.Float64() - 0.5)}
			rank = calibration.DistanceRank(e.draws, e.truth, reference, random)
		}
		require.NoError(t, ranks.Add(rank))
	}
	return ranks
}

func pValues(t *testing.T, band *calibration.Band, r *calibration.Ranks) (chiSquared, ecdf float64) {
	t.Helper()
	_, chiSquared = r.Histogram(20, 0.99).ChiSquared()
	ecdf, err := band.PValue(r)
	require.NoError(t, err)
	return chiSquared, ecdf
}

var methods = []string{"coordinate", "density", "distance"}

// Of exact posteriors, p-values are uniform: among 150 repetitions those below 0.1, 0.5 and 0.9 are as many as that, to
// four binomial standard errors, and nominal coverages hold.
func TestExactPosteriorsHaveUniformPValues(t *testing.T) {
	const repetitions = 150
	band, err := calibration.NewBand(1000, 99, 1)
	require.NoError(t, err)
	for _, by := range methods {
		t.Run(by, func(t *testing.T) {
			small := map[float64][2]int{}
			inside := 0.0
			for seed := range uint64(repetitions) {
				r := ranksBy(t, by, exact, seed)
				inside += r.Coverage(0.68).Hits
				chiSquared, ecdf := pValues(t, band, r)
				for _, level := range []float64{0.1, 0.5, 0.9} {
					counts := small[level]
					if chiSquared <= level {
						counts[0]++
					}
					if ecdf <= level {
						counts[1]++
					}
					small[level] = counts
				}
			}
			for level, counts := range small {
				tolerance := 4 * math.Sqrt(level*(1-level)/repetitions)
				require.InDelta(t, level, float64(counts[0])/repetitions, tolerance, "chi-squared")
				require.InDelta(t, level, float64(counts[1])/repetitions, tolerance, "ecdf")
			}
			require.InDelta(t, 0.68, inside/(1000*repetitions), 4*math.Sqrt(0.68*0.32/(1000*repetitions)))
		})
	}
}

// Widths wrong by 40 % and a bias of a standard deviation do not pass, whatever the ranks are of.
func TestWrongPosteriorsAreDetected(t *testing.T) {
	band, err := calibration.NewBand(1000, 99, 1)
	require.NoError(t, err)
	for name, c := range map[string]claim{"narrow": tooNarrow, "wide": tooWide, "biased": biased} {
		for _, by := range methods {
			t.Run(name+" "+by, func(t *testing.T) {
				r := ranksBy(t, by, c, 3)
				chiSquared, ecdf := pValues(t, band, r)
				require.Less(t, chiSquared, 0.01)
				require.Less(t, ecdf, 0.01)
				if by == "density" {
					require.Equal(t, c == tooWide, r.Coverage(0.68).Value() > 0.68)
				}
			})
		}
	}
}

// The highest-density region of a normal posterior in two dimensions that is too narrow by w holds the truth with
// probability 1-(1-p)^(w²).
func TestExpectedCoverageInClosedForm(t *testing.T) {
	r := ranksBy(t, "density", tooNarrow, 5)
	for _, p := range []float64{0.5, 0.9, 0.95} {
		covered := r.Coverage(p)
		require.InDelta(t, 1-math.Pow(1-p, 0.49), covered.Value(), 4*covered.StandardError())
	}
}

// The central interval of a normal posterior too wide by w holds the truth with probability erf(w·z/√2).
func TestCentralCoverageInClosedForm(t *testing.T) {
	r := ranksBy(t, "coordinate", tooWide, 6)
	for p, z := range map[float64]float64{0.5: 0.6744898, 0.9: 1.6448536} {
		covered := r.CentralCoverage(p)
		require.InDelta(t, math.Erf(1.4*z/math.Sqrt2), covered.Value(), 4*covered.StandardError())
	}
}

// Draws and truth of a few values tie all the time; ranks are uniform all the same.
func TestTiesAreBrokenEvenly(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	r := calibration.NewRanks(19)
	for range 4000 {
		draws := make([]float64, 19)
		for i := range draws {
			draws[i] = float64(random.IntN(3))
		}
		require.NoError(t, r.Add(calibration.Rank(draws, float64(random.IntN(3)), random)))
	}
	_, p := r.Histogram(20, 0.99).ChiSquared()
	require.Greater(t, p, 0.001)
}

func TestRanksByHand(t *testing.T) {
	r := calibration.NewRanks(9)
	for _, rank := range []int{0, 0, 1, 5, 9} {
		require.NoError(t, r.Add(rank))
	}
	h := r.Histogram(5, 0.99)
	require.Equal(t, []int{3, 0, 1, 0, 1}, h.Counts)
	require.Equal(t, []float64{1, 1, 1, 1, 1}, h.Expected)
	statistic, p := h.ChiSquared()
	require.InDelta(t, 4+1+0+1+0, statistic, 1e-12)
	require.InDelta(t, math.Exp(-3)*(1+3), p, 1e-12, "chi-squared of 4 degrees of freedom")
	require.InDelta(t, 0.5, r.Coverage(0.15).Value(), 1e-12, "two at rank 0 and half of the one at rank 1")
	require.InDelta(t, 0.4, r.CentralCoverage(0.8).Value(), 1e-12, "ranks 1 to 8")
	require.InDelta(t, 0.1, r.CentralCoverage(0.1).Value(), 1e-12, "half of the one at rank 5")
	require.Zero(t, r.Coverage(0).Value())
	require.Equal(t, 1.0, r.Coverage(1).Value())
	require.Equal(t, 9, r.Draws())
	require.Equal(t, 5, r.Events())
	require.ErrorContains(t, r.Add(10), "rank 10: want 0 to 9")
	require.ErrorContains(t, r.Add(-1), "rank -1")
}

// Bins that cannot be equal expect unequal counts, and one bin says nothing.
func TestHistogramOfUnevenBins(t *testing.T) {
	r := calibration.NewRanks(6)
	for rank := range 7 {
		require.NoError(t, r.Add(rank))
	}
	h := r.Histogram(3, 0.9)
	require.Equal(t, []int{2, 2, 3}, h.Counts)
	require.InDeltaSlice(t, []float64{2, 2, 3}, h.Expected, 1e-12)
	_, p := r.Histogram(1, 0.9).ChiSquared()
	require.Equal(t, 1.0, p)
	require.Len(t, r.Histogram(50, 0.9).Counts, 7)
}

// The band of a bin holds binomial counts with the probability that it claims.
func TestHistogramBand(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	outside, bins := 0, 0
	for range 300 {
		r := calibration.NewRanks(99)
		for range 500 {
			require.NoError(t, r.Add(random.IntN(100)))
		}
		h := r.Histogram(20, 0.9)
		for k, n := range h.Counts {
			bins++
			if n < h.Lower[k] || n > h.Upper[k] {
				outside++
			}
		}
	}
	share := float64(outside) / float64(bins)
	require.LessOrEqual(t, share, 0.1)
	require.Greater(t, share, 0.05)
}

func TestProportion(t *testing.T) {
	p := calibration.Proportion{Hits: 30, Of: 40}
	require.Equal(t, 0.75, p.Value())
	require.InDelta(t, math.Sqrt(32.0/44*12/44/44), p.StandardError(), 1e-15)
	none := calibration.Proportion{}
	require.Zero(t, none.Value())
	require.Positive(t, calibration.Proportion{Hits: 5, Of: 5}.StandardError())
}
