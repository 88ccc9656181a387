package benchmarktask_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/examples/benchmarktasks/benchmarktask"
	"github.com/gocei/gocei/posterior/calibration"
)

// moments returns those of each of some numbers computed of exact draws.
func moments(task benchmarktask.Task, x []float64, of func(theta []float64) []float64) []calibration.Moments {
	r := rand.New(rand.NewPCG(3, 3))
	var all []calibration.Moments
	for range 40000 {
		values := of(task.Posterior(x, r))
		if all == nil {
			all = make([]calibration.Moments, len(values))
		}
		for j, v := range values {
			all[j].Add(v)
		}
	}
	return all
}

func itself(theta []float64) []float64 { return theta }

func requireMean(t *testing.T, want float64, m calibration.Moments, what string) {
	t.Helper()
	require.InDelta(t, want, m.Mean(), 4*m.MeanError()+1e-12, what)
}

func TestGaussianLinearInClosedForm(t *testing.T) {
	x := []float64{1, -1, 0.5, 0, 2, 0, 0, 0, 0, -3}
	for j, m := range moments(benchmarktask.GaussianLinear(), x, itself) {
		requireMean(t, x[j]/2, m, "mean")
		require.InDelta(t, math.Sqrt(0.05), m.StandardDeviation(), 4*m.StandardDeviationError())
	}
}

// Far from the prior's ends, the mixture has the variance (1 + 0.01)/2.
func TestGaussianMixtureInClosedForm(t *testing.T) {
	for _, m := range moments(benchmarktask.GaussianMixture(), []float64{2, -3}, itself) {
		require.InDelta(t, math.Sqrt(0.505), m.StandardDeviation(), 4*m.StandardDeviationError())
	}
}

// The moons face each other across θ₁ = -θ₂, and θ₂-θ₁ is that of the data on average.
func TestTwoMoonsInClosedForm(t *testing.T) {
	x := []float64{-0.3, 0.1}
	all := moments(benchmarktask.TwoMoons(), x, func(theta []float64) []float64 {
		return []float64{theta[0] + theta[1], theta[1] - theta[0], math.Abs(theta[0] + theta[1])}
	})
	requireMean(t, 0, all[0], "sum")
	requireMean(t, math.Sqrt2*x[1], all[1], "difference")
	requireMean(t, math.Sqrt2*(0.25+0.1*2/math.Pi-x[0]), all[2], "distance of the moons")
}

// A posterior that is cut by the edge where |θ₁+θ₂| would be negative keeps to the possible side.
func TestTwoMoonsAtTheFold(t *testing.T) {
	task := benchmarktask.TwoMoons()
	r := rand.New(rand.NewPCG(9, 9))
	x := []float64{0.3, 0}
	for range 2000 {
		require.False(t, math.IsInf(logLikelihoods[task.Name](task.Posterior(x, r), x), -1))
	}
}

// SLCP's reference has the moments that sums over a grid of all five parameters have.
func TestSLCPAgainstAGrid(t *testing.T) {
	task := benchmarktask.SLCP()
	x := []float64{0.2, 1.5, 1.7, -0.4, -0.6, 0.9, 1.1, 2.6}
	of := func(theta []float64) []float64 {
		return []float64{theta[0], theta[1], math.Abs(theta[2]), math.Abs(theta[3]), theta[4], theta[0] * theta[1], math.Abs(theta[2] * theta[3]), theta[4] * theta[4]}
	}
	want, total := make([]float64, 8), 0.0
	eachGridPoint(task, func(theta []float64) {
		weight := math.Exp(logLikelihoods[task.Name](theta, x))
		total += weight
		for j, v := range of(theta) {
			want[j] += weight * v
		}
	})
	for j, m := range moments(task, x, of) {
		require.InDelta(t, want[j]/total, m.Mean(), 4*m.MeanError()+0.01, "number %d", j)
	}
}

// eachGridPoint visits the middles of the cells of a grid over the prior, with θ₃ and θ₄ above 0 alone, since the likelihood
// depends on their squares.
func eachGridPoint(task benchmarktask.Task, visit func(theta []float64)) {
	cells := []int{20, 20, 16, 16, 16}
	theta, index := make([]float64, 5), make([]int, 5)
	for {
		for j, i := range index {
			theta[j] = task.Bound * (2*(float64(i)+0.5)/float64(cells[j]) - 1)
			if j == 2 || j == 3 {
				theta[j] = task.Bound * (float64(i) + 0.5) / float64(cells[j])
			}
		}
		visit(theta)
		j := 0
		for ; j < 5; j++ {
			if index[j]++; index[j] < cells[j] {
				break
			}
			index[j] = 0
		}
		if j == 5 {
			return
		}
	}
}
