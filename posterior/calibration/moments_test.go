package calibration_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/posterior/calibration"
)

func TestMomentsAgainstTwoPasses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var m calibration.Moments
	var all []float64
	for range 500 {
		x := 1e3 + math.Exp(random.NormFloat64())
		all = append(all, x)
		m.Add(x)
	}
	mean, sd := stat.MeanStdDev(all, nil)
	require.InEpsilon(t, mean, m.Mean(), 1e-12)
	require.InEpsilon(t, sd, m.StandardDeviation(), 1e-10)
	require.InEpsilon(t, sd/math.Sqrt(500), m.MeanError(), 1e-10)
	fourth, square := stat.Moment(4, all, nil), stat.Moment(2, all, nil)
	require.InEpsilon(t, math.Sqrt((fourth-square*square)/500)/(2*sd), m.StandardDeviationError(), 1e-9)
}

// Errors are the spread of what they are errors of, over many repetitions.
func TestErrorsOfMoments(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 2))
	var means, deviations, meanErrors, deviationErrors calibration.Moments
	for range 2000 {
		var m calibration.Moments
		for range 200 {
			m.Add(random.ExpFloat64())
		}
		means.Add(m.Mean())
		deviations.Add(m.StandardDeviation())
		meanErrors.Add(m.MeanError())
		deviationErrors.Add(m.StandardDeviationError())
	}
	require.InEpsilon(t, means.StandardDeviation(), meanErrors.Mean(), 0.1)
	require.InEpsilon(t, deviations.StandardDeviation(), deviationErrors.Mean(), 0.15)
}

func TestMomentsOfFewNumbers(t *testing.T) {
	var m calibration.Moments
	require.Zero(t, m.Mean()+m.Variance()+m.MeanError()+m.StandardDeviationError())
	m.Add(4)
	require.Equal(t, 4.0, m.Mean())
	require.Zero(t, m.Variance()+m.MeanError()+m.StandardDeviationError())
	require.Equal(t, 1, m.Count())
}

// Of the exact posterior, z-scores have mean 0 and standard deviation 1; of others, those of the claim. The contraction
// is 1 - 1/101 of the exact one.
func TestZScoreAndContraction(t *testing.T) {
	for _, c := range []claim{exact, tooNarrow, tooWide, biased} {
		random := rand.New(rand.NewPCG(9, 9))
		var scores, contractions calibration.Moments
		for range 4000 {
			e := c.observe(random, 300)
			var posterior calibration.Moments
			for _, x := range column(e.draws, 0) {
				posterior.Add(x)
			}
			scores.Add(calibration.ZScore(&posterior, e.truth[0]))
			contractions.Add(calibration.Contraction(&posterior, 100))
		}
		require.InDelta(t, c.bias/c.width*math.Sqrt(101.0/100), scores.Mean(), 4*scores.MeanError())
		require.InDelta(t, 1/c.width, scores.StandardDeviation(), 4*scores.StandardDeviationError()+0.005, "draws add to the spread")
		require.InDelta(t, 1-c.width*c.width/101, contractions.Mean(), 4*contractions.MeanError())
	}
}

func TestContractionOfAPriorWithoutVariance(t *testing.T) {
	require.True(t, math.IsNaN(calibration.Contraction(&calibration.Moments{}, 0)))
}
