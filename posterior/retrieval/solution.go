package retrieval

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Solution is a geometry that explains the momenta of an event.
type Solution struct {
	// Internal are its internal coordinates [dim] as Retriever.Columns names them:
	// Bohr and radians.
	Internal []float64
	// Deviations are their standard deviations [dim], by Laplace: the roots of the
	// diagonal of Covariance. Exact momenta leave none but the integrator's error.
	Deviations []float64
	Covariance []float64 // [dim, dim]: (JᵀJ)⁻¹ with the momenta in units of the noise
	Positions  []float64 // [3N], Bohr, in the body frame

	ChiSquare float64 // Σ (Δp/σ)² over the components that count
	Residual  float64 // |Δp|/|p| over them
	// Weight is the share of the posterior mass that Laplace's approximation gives
	// the solution: the likelihood's peak times the root of the covariance's
	// determinant times the prior's mean over the Gaussian. All weights of an event
	// add up to 1, and are 0 for solutions that the prior does not have.
	Weight     float64
	Iterations int
	Converged  bool

	precision *mat.SymDense
	logMass   float64 // without the prior
}

// solution takes over what the refiner has found.
func (r *refiner) solution(iterations int, converged bool) (Solution, bool) {
	s := Solution{ChiSquare: r.now.chiSquare, Residual: r.now.relative, Iterations: iterations, Converged: converged}
	s.Internal = slices.Clone(r.now.coordinates)
	dim := len(s.Internal)
	s.precision = mat.NewSymDense(dim, nil)
	s.precision.CopySym(r.normal)
	var cholesky mat.Cholesky
	if !cholesky.Factorize(s.precision) {
		return s, false
	}
	var covariance mat.SymDense
	if cholesky.InverseTo(&covariance) != nil {
		return s, false
	}
	s.Deviations, s.Covariance = make([]float64, dim), make([]float64, dim*dim)
	for i := range dim {
		s.Deviations[i] = sqrt(covariance.At(i, i))
		for j := range dim {
			s.Covariance[i*dim+j] = covariance.At(i, j)
		}
	}
	s.logMass = -(s.ChiSquare + cholesky.LogDet()) / 2
	return s, true
}

// same reports whether two solutions are one: within a standard deviation of the
// Gaussian, or equal to what fits leave open.
func (s *Solution) same(t *Solution) bool {
	const rounding = 1e-6 // Bohr or radians
	square, largest := 0.0, 0.0
	for i, x := range s.Internal {
		largest = math.Max(largest, math.Abs(x-t.Internal[i]))
		for j := range s.Internal {
			square += (s.Internal[i] - t.Internal[i]) * s.precision.At(i, j) * (s.Internal[j] - t.Internal[j])
		}
	}
	return square < 1 || largest < rounding
}

// weigh sets the weights of an event's solutions.
func weigh(s *shape, p prior, solutions []Solution, seed uint64) {
	if len(solutions) == 0 {
		return
	}
	top := slices.MaxFunc(solutions, func(a, b Solution) int {
		if a.logMass < b.logMass {
			return -1
		}
		return 1
	}).logMass
	sum := 0.0
	for i := range solutions {
		t := &solutions[i]
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		t.Weight = math.Exp(t.logMass-top) * t.meanPrior(s, p, random, len(solutions) == 1)
		sum += t.Weight
	}
	for i := range solutions {
		if sum > 0 {
			solutions[i].Weight /= sum
		}
	}
}

// meanPrior is the prior's mean over the solution's Gaussian. With enough, it is any
// positive number where that is positive.
func (s *Solution) meanPrior(shape *shape, p prior, random *rand.Rand, enough bool) float64 {
	const draws = 32
	dim := len(s.Internal)
	var cholesky mat.Cholesky
	if !cholesky.Factorize(s.precision) {
		return 0
	}
	var upper mat.TriDense
	cholesky.UTo(&upper)
	coordinates, normal, step := make([]float64, dim), mat.NewVecDense(dim, nil), mat.NewVecDense(dim, nil)
	sum := 0.0
	for k := range draws {
		for i := range dim {
			normal.SetVec(i, random.NormFloat64())
		}
		if k == 0 {
			normal.Zero()
		}
		if step.SolveVec(&upper, normal) != nil {
			return 0
		}
		for i, x := range s.Internal {
			coordinates[i] = x + step.AtVec(i)
		}
		if shape.plausible(coordinates) == nil {
			sum += p.density(shape, coordinates, random)
		}
		if enough && sum > 0 {
			return sum
		}
	}
	return sum / draws
}
