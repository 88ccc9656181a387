package benchmarktask_test

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// logLikelihoods are log p(x|θ) of the tasks, written down anew from their definitions.
var logLikelihoods = map[string]func(theta, x []float64) float64{
	"two_moons": func(theta, x []float64) float64 {
		u := x[0] + math.Abs(theta[0]+theta[1])/math.Sqrt2 - 0.25
		v := x[1] + (theta[0]-theta[1])/math.Sqrt2
		if u < 0 {
			return math.Inf(-1)
		}
		radius := math.Hypot(u, v)
		return distuv.Normal{Mu: 0.1, Sigma: 0.01}.LogProb(radius) - math.Log(math.Pi*radius)
	},
	"gaussian_mixture": func(theta, x []float64) float64 {
		distance := math.Hypot(x[0]-theta[0], x[1]-theta[1])
		part := func(deviation float64) float64 {
			z := distance / deviation
			return math.Exp(-z*z/2) / (2 * math.Pi * deviation * deviation)
		}
		return math.Log(part(1)/2 + part(0.1)/2)
	},
	"gaussian_linear": func(theta, x []float64) (sum float64) {
		for i, v := range x {
			sum += distuv.Normal{Mu: theta[i], Sigma: math.Sqrt(0.1)}.LogProb(v)
		}
		return sum
	},
	"slcp": func(theta, x []float64) (sum float64) {
		a, b, correlation := theta[2]*theta[2], theta[3]*theta[3], math.Tanh(theta[4])
		rest := 1 - correlation*correlation
		for i := 0; i < len(x); i += 2 {
			u, v := (x[i]-theta[0])/a, (x[i+1]-theta[1])/b
			sum -= (u*u-2*correlation*u*v+v*v)/(2*rest) + math.Log(2*math.Pi*a*b*math.Sqrt(rest))
		}
		return sum
	},
}
