package benchmarktask

import (
	"math"
	"math/rand/v2"
)

// TwoMoons is a crescent whose place depends on |θ₁+θ₂|, so that its posterior is two crescents that face each other
// (D. Greenberg, M. Nonnenmacher and J. Macke, ICML 2019): x = p(α, ρ) + (-|θ₁+θ₂|, θ₂-θ₁)/√2 with
// p = (ρ cos α + ¼, ρ sin α), α uniform in ±π/2 and ρ ~ N(0.1, 0.01²).
func TwoMoons() Task {
	const bound = 1
	return Task{
		Name: "two_moons", Parameters: 2, Data: 2, Bound: bound,
		Prior: uniform(2, bound),
		Simulate: func(theta []float64, r *rand.Rand) []float64 {
			p := crescent(r)
			return []float64{p[0] - math.Abs(theta[0]+theta[1])/math.Sqrt2, p[1] + (theta[1]-theta[0])/math.Sqrt2}
		},
		// Given p, the data say what |θ₁+θ₂| and θ₂-θ₁ are, at the same density everywhere.
		Posterior: func(x []float64, r *rand.Rand) []float64 {
			for {
				p := crescent(r)
				sum, difference := p[0]-x[0], x[1]-p[1] // both over √2
				if sum < 0 {
					continue
				}
				sum *= randomSign(r)
				theta := []float64{(sum - difference) / math.Sqrt2, (sum + difference) / math.Sqrt2}
				if inside(theta, bound) {
					return theta
				}
			}
		},
	}
}

func crescent(r *rand.Rand) [2]float64 {
	angle, radius := math.Pi*(r.Float64()-0.5), 0.1+0.01*r.NormFloat64()
	return [2]float64{radius*math.Cos(angle) + 0.25, radius * math.Sin(angle)}
}
