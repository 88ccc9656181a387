package benchmarktask

import "math/rand/v2"

// GaussianMixture is the common mean of a wide and a narrow normal distribution, from either of which the data come with
// equal probability (S. A. Sisson, Y. Fan and M. M. Tanaka, PNAS 104, 1760 (2007)): x ~ ½ N(θ, I) + ½ N(θ, 0.01 I).
func GaussianMixture() Task {
	const bound = 10
	around := func(centre []float64, r *rand.Rand) []float64 {
		deviation := 1.0
		if r.IntN(2) == 1 {
			deviation = 0.1
		}
		return normal(centre, deviation, r)
	}
	return Task{
		Name: "gaussian_mixture", Parameters: 2, Data: 2, Bound: bound,
		Prior:    uniform(2, bound),
		Simulate: around,
		// The likelihood is the same function of θ around x as of x around θ.
		Posterior: func(x []float64, r *rand.Rand) []float64 {
			for {
				if theta := around(x, r); inside(theta, bound) {
					return theta
				}
			}
		},
	}
}
