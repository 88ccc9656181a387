package reference

import (
	"math"
	"math/rand/v2"
	"sort"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/dataset"
)

// Posterior is a distribution of geometries as weighted draws.
type Posterior struct {
	Coordinates dataset.Matrix // internal, [n, dim], Bohr and radians
	Weights     []float64      // [n], they add up to 1
	// EffectiveSize is how many equally weighted draws would say as much, (Σw)²/Σw²:
	// L. Kish, Survey Sampling (1965), section 8.2.
	EffectiveSize float64
	// LogEvidence is the logarithm of the density of what was measured, in atomic
	// units, over all geometries of the prior.
	LogEvidence float64
}

// Mean returns the posterior's mean [dim].
func (p *Posterior) Mean() []float64 {
	mean, _ := moments(p.Coordinates, p.Weights)
	return mean
}

// Covariance returns the posterior's covariance [dim, dim].
func (p *Posterior) Covariance() *mat.SymDense {
	_, covariance := moments(p.Coordinates, p.Weights)
	return covariance
}

// Deviations returns the posterior's standard deviations [dim].
func (p *Posterior) Deviations() []float64 {
	covariance := p.Covariance()
	deviations := make([]float64, p.Coordinates.Cols)
	for k := range deviations {
		deviations[k] = math.Sqrt(covariance.At(k, k))
	}
	return deviations
}

// Share returns the posterior mass of the geometries for which inside is true.
func (p *Posterior) Share(inside func(coordinates []float64) bool) (mass float64) {
	for i, w := range p.Weights {
		if inside(p.Coordinates.Row(i)) {
			mass += w
		}
	}
	return mass
}

// Resample returns n equally weighted draws [n, dim], some of them more than once.
func (p *Posterior) Resample(n int, random *rand.Rand) dataset.Matrix {
	cumulated := floats.CumSum(make([]float64, len(p.Weights)), p.Weights)
	out := dataset.NewMatrix(n, p.Coordinates.Cols)
	for i := range n {
		u := random.Float64() * cumulated[len(cumulated)-1]
		copy(out.Row(i), p.Coordinates.Row(min(sort.SearchFloat64s(cumulated, u), len(cumulated)-1)))
	}
	return out
}

// normalised returns weights that add up to 1 from logarithms, their effective number
// and the logarithm of their sum. All are 0 and −Inf where no weight is.
func normalised(logs []float64) (weights []float64, size, logSum float64) {
	weights = make([]float64, len(logs))
	logSum = floats.LogSumExp(logs)
	if math.IsInf(logSum, 0) || math.IsNaN(logSum) {
		return weights, 0, math.Inf(-1)
	}
	for i, l := range logs {
		weights[i] = math.Exp(l - logSum)
	}
	return weights, 1 / floats.Dot(weights, weights), logSum
}
