package benchmarktask

import (
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
)

// Task is a problem of inference: which parameters θ explain data x.
type Task struct {
	Name       string
	Parameters int     // numbers in θ
	Data       int     // numbers in x
	Bound      float64 // the prior is uniform over ±Bound in each parameter; +Inf where it is normal

	Prior    func(r *rand.Rand) (theta []float64)
	Simulate func(theta []float64, r *rand.Rand) (x []float64)
	// Posterior returns one exact draw of the parameters, given data.
	Posterior func(x []float64, r *rand.Rand) (theta []float64)
}

// All returns the tasks.
func All() []Task {
	return []Task{TwoMoons(), GaussianMixture(), GaussianLinear(), SLCP()}
}

// Bounded reports whether the prior ends somewhere.
func (t Task) Bounded() bool { return !math.IsInf(t.Bound, 1) }

// Simulations returns n parameters [n, Parameters] of the prior and the data [n, Data] that each gives.
func (t Task) Simulations(n int, r *rand.Rand) (theta, x dataset.Matrix) {
	theta, x = dataset.NewMatrix(n, t.Parameters), dataset.NewMatrix(n, t.Data)
	for i := range n {
		copy(theta.Row(i), t.Prior(r))
		copy(x.Row(i), t.Simulate(theta.Row(i), r))
	}
	return theta, x
}

// Reference returns n exact draws [n, Parameters] of the posterior.
func (t Task) Reference(x []float64, n int, r *rand.Rand) dataset.Matrix {
	all := dataset.NewMatrix(n, t.Parameters)
	for i := range n {
		copy(all.Row(i), t.Posterior(x, r))
	}
	return all
}

// uniform returns the prior of n parameters within ±bound.
func uniform(n int, bound float64) func(*rand.Rand) []float64 {
	return func(r *rand.Rand) []float64 {
		theta := make([]float64, n)
		for i := range theta {
			theta[i] = bound * (2*r.Float64() - 1)
		}
		return theta
	}
}

// inside reports whether all parameters lie within ±bound.
func inside(theta []float64, bound float64) bool {
	for _, v := range theta {
		if !(math.Abs(v) <= bound) {
			return false
		}
	}
	return true
}

// normal returns independent normal numbers around the centre, each with that standard deviation.
func normal(centre []float64, deviation float64, r *rand.Rand) []float64 {
	all := make([]float64, len(centre))
	for i, c := range centre {
		all[i] = c + deviation*r.NormFloat64()
	}
	return all
}

func randomSign(r *rand.Rand) float64 { return float64(2*r.IntN(2) - 1) }
