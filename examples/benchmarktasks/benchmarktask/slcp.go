package benchmarktask

import (
	"math"
	"math/rand/v2"
)

const (
	points    = 4 // of the plane, which are the data of SLCP
	slcpBound = 3 // of its parameters
)

// SLCP is four points of a normal distribution in the plane, whose mean is (θ₁, θ₂), and whose standard deviations θ₃² and
// θ₄² and correlation tanh θ₅ make four symmetric modes (G. Papamakarios, D. Sterratt and I. Murray, AISTATS 2019). The
// 1e-6 that the benchmark's code adds to both variances is left out.
func SLCP() Task {
	return Task{
		Name: "slcp", Parameters: 5, Data: 2 * points, Bound: slcpBound,
		Prior: uniform(5, slcpBound),
		Simulate: func(theta []float64, r *rand.Rand) (x []float64) {
			spread := planar{a: theta[2] * theta[2], b: theta[3] * theta[3], correlation: math.Tanh(theta[4])}
			for range points {
				x = append(x, spread.draw(theta[0], theta[1], r)...)
			}
			return x
		},
		Posterior: func(x []float64, r *rand.Rand) []float64 {
			mean, scatter := summarise(x)
			for {
				if theta, ok := proposeSLCP(mean, scatter, r); ok && inside(theta, slcpBound) {
					return theta
				}
			}
		},
	}
}

// proposeSLCP draws from the posterior within the prior's bounds of θ₃ and θ₄, or returns false. The caller sees to the others.
//
// Given the covariance S, the mean is N(x̄, S/n). Integrated over it, the likelihood is |S|^(-(n-1)/2) exp(-½ tr S⁻¹A),
// A the scatter around x̄. Uniform θ₃, θ₄, θ₅ are the density (S₁₁S₂₂)^(-5/4)/(1-ρ²) of S. Since
// |S| = S₁₁S₂₂(1-ρ²), the product of both is |S|^(-11/4) exp(-½ tr S⁻¹A)·(1-ρ²)^¼ for n = 4: an inverse Wishart
// distribution with 5/2 degrees of freedom and scale A, thinned by a factor that is at most 1.
func proposeSLCP(mean [2]float64, scatter symmetric, r *rand.Rand) (theta []float64, ok bool) {
	const freedom = 2.5
	s := inverseWishart(scatter, freedom, r).planar()
	if max(s.a, s.b) > slcpBound*slcpBound { // most of what is refused, at little cost
		return nil, false
	}
	if r.Float64() > math.Sqrt(math.Sqrt(1-s.correlation*s.correlation)) {
		return nil, false
	}
	m := planar{a: s.a / math.Sqrt(points), b: s.b / math.Sqrt(points), correlation: s.correlation}.draw(mean[0], mean[1], r)
	return []float64{
		m[0], m[1],
		randomSign(r) * math.Sqrt(s.a), randomSign(r) * math.Sqrt(s.b), math.Atanh(s.correlation),
	}, true
}

// summarise returns the mean of the points and their scatter around it.
func summarise(x []float64) (mean [2]float64, scatter symmetric) {
	for i, v := range x {
		mean[i%2] += v / points
	}
	for i := 0; i < len(x); i += 2 {
		u, v := x[i]-mean[0], x[i+1]-mean[1]
		scatter.a += u * u
		scatter.b += v * v
		scatter.ab += u * v
	}
	return mean, scatter
}
