package benchmarktask

import (
	"math"
	"math/rand/v2"
)

// GaussianLinear is the mean of a normal distribution in ten dimensions under a normal prior of the same width:
// θ ~ N(0, 0.1 I), x ~ N(θ, 0.1 I), and so θ|x ~ N(x/2, 0.05 I).
func GaussianLinear() Task {
	const n, variance = 10, 0.1
	return Task{
		Name: "gaussian_linear", Parameters: n, Data: n, Bound: math.Inf(1),
		Prior: func(r *rand.Rand) []float64 { return normal(make([]float64, n), math.Sqrt(variance), r) },
		Simulate: func(theta []float64, r *rand.Rand) []float64 {
			return normal(theta, math.Sqrt(variance), r)
		},
		Posterior: func(x []float64, r *rand.Rand) []float64 {
			mean := make([]float64, n)
			for i, v := range x {
				mean[i] = v / 2
			}
			return normal(mean, math.Sqrt(variance/2), r)
		},
	}
}
