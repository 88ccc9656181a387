package retrieval

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// partner returns where another solution may lie across a fold of the map from shapes
// to momenta, and whether that is near.
//
// Along the right singular vector v of the smallest singular value σ of the Jacobian
// the momenta hardly change at all, and to second order they change by u (σ t + h
// t²/2), u being the left singular vector and h the second derivative along v as u
// sees it: they are the same again at t = −2σ/h. Lengths are measured by themselves,
// so that v does not depend on units.
func (r *refiner) partner(o *observation, at []float64) (coordinates []float64, near bool) {
	const (
		farthest = 0.7
		h        = 1e-3
	)
	if r.now.compare(r.forward, o, r.noise, at) != nil {
		return nil, false
	}
	direction, left, least := r.weakest()
	coordinates = make([]float64, len(at))
	for k, x := range at {
		coordinates[k] = x + h*direction[k]
	}
	if r.trial.compare(r.forward, o, r.noise, coordinates) != nil {
		return nil, false
	}
	slope, m := 0.0, len(left)
	for k, d := range direction {
		for i, u := range left {
			slope += u * r.trial.jacobian[k*m+i] * d
		}
	}
	t := -2 * least * h / (slope - least)
	if !(math.Abs(t) < farthest) {
		return nil, false
	}
	for k, x := range at {
		coordinates[k] = x + t*direction[k]
	}
	return coordinates, true
}

// weakest returns the direction of the coordinates [dim] that changes the momenta
// least, what it does to the residuals [m] as a unit vector, and how much.
func (r *refiner) weakest() (direction, left []float64, least float64) {
	dim, m := len(r.now.coordinates), len(r.now.residuals)
	jacobian, unit := mat.NewDense(m, dim, nil), make([]float64, dim)
	for k := range dim {
		unit[k] = 1
		if k < r.forward.frame.ZMatrix.Lengths() {
			unit[k] = r.now.coordinates[k]
		}
		for i := range m {
			jacobian.Set(i, k, unit[k]*r.now.jacobian[k*m+i])
		}
	}
	var svd mat.SVD
	direction = make([]float64, dim)
	if !svd.Factorize(jacobian, mat.SVDThin) {
		return direction, make([]float64, m), 0
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	for k := range dim {
		direction[k] = unit[k] * v.At(k, dim-1)
	}
	return direction, mat.Col(nil, dim-1, &u), svd.Values(nil)[dim-1]
}
