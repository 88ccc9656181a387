package benchmarktask_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/examples/benchmarktasks/benchmarktask"
	"github.com/gocei/gocei/posterior/calibration"
)

// eachTask runs a test on all tasks, with random numbers of its own.
func eachTask(t *testing.T, run func(t *testing.T, task benchmarktask.Task, r *rand.Rand)) {
	t.Helper()
	for i, task := range benchmarktask.All() {
		t.Run(task.Name, func(t *testing.T) { run(t, task, rand.New(rand.NewPCG(uint64(i), 11))) })
	}
}

func TestShapesAndBounds(t *testing.T) {
	eachTask(t, func(t *testing.T, task benchmarktask.Task, r *rand.Rand) {
		theta, x := task.Simulations(500, r)
		require.Equal(t, [4]int{500, task.Parameters, 500, task.Data}, [4]int{theta.Rows, theta.Cols, x.Rows, x.Cols})
		reference := task.Reference(x.Row(0), 500, r)
		require.Equal(t, [2]int{500, task.Parameters}, [2]int{reference.Rows, reference.Cols})
		for _, m := range []dataset.Matrix{theta, reference} {
			for _, v := range m.Data {
				require.LessOrEqual(t, math.Abs(v), task.Bound)
			}
		}
		require.Equal(t, task.Name != "gaussian_linear", task.Bounded())
	})
}

// The truth and exact draws given its data are exchangeable: its rank among them is uniform by any number computed of
// parameters and data. By each parameter, and by the likelihood, which alone would tell a posterior that ignores its data
// (M. Modrák et al., Bayesian Anal. (2023), arXiv:2211.02383).
func TestReferencesAreCalibrated(t *testing.T) {
	const events, draws = 500, 31
	eachTask(t, func(t *testing.T, task benchmarktask.Task, r *rand.Rand) {
		quantities := map[string]func(theta, x []float64) float64{"likelihood": logLikelihoods[task.Name]}
		for j := range task.Parameters {
			quantities[fmt.Sprint("parameter ", j+1)] = func(theta, _ []float64) float64 { return theta[j] }
		}
		ranks := map[string]*calibration.Ranks{}
		for name := range quantities {
			ranks[name] = calibration.NewRanks(draws)
		}
		for range events {
			theta, x := task.Simulations(1, r)
			reference := task.Reference(x.Row(0), draws, r)
			for name, of := range quantities {
				require.NoError(t, ranks[name].Add(rankBy(of, theta.Row(0), x.Row(0), reference, r)))
			}
		}
		for name, counted := range ranks {
			_, p := counted.Histogram(16, 0.99).ChiSquared()
			require.Greater(t, p, 1e-4, name)
		}
	})
}

func rankBy(of func(theta, x []float64) float64, theta, x []float64, reference dataset.Matrix, r *rand.Rand) int {
	all := make([]float64, reference.Rows)
	for i := range all {
		all[i] = of(reference.Row(i), x)
	}
	return calibration.Rank(all, of(theta, x), r)
}

// The score ∂log p(x|θ)/∂θ vanishes on average over the posterior where the prior's ends are far, by partial integration.
func TestScoreVanishesOnAverage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	task := benchmarktask.GaussianMixture()
	x := []float64{1, -2}
	var score calibration.Moments
	for range 20000 {
		theta := task.Posterior(x, r)
		const step = 1e-4
		up := logLikelihoods[task.Name]([]float64{theta[0] + step, theta[1]}, x)
		down := logLikelihoods[task.Name]([]float64{theta[0] - step, theta[1]}, x)
		score.Add((up - down) / (2 * step))
	}
	require.InDelta(t, 0, score.Mean(), 4*score.MeanError())
}
