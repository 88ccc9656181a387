package retrieval

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

const (
	maxIterations = 40
	// settled is the decrease of χ² yet to come below which a fit has converged: the
	// rest of the way is a hundredth of a standard deviation.
	settled = 1e-4
	// longest is how far lengths may go in one step, as a fraction of themselves, and
	// angles, in radians.
	longest = 0.4
	// patience is over how many iterations a fit must halve its residuals.
	patience = 6
)

// refiner fits geometries to observations by the method of Levenberg and Marquardt;
// the damping follows H. B. Nielsen, IMM-REP-1999-05 (1999), the Jacobian is exact.
type refiner struct {
	forward    *forward
	noise      Noise
	now, trial *misfit
	normal     *mat.SymDense // JᵀJ, [dim, dim]
	damped     *mat.SymDense
	gradient   []float64 // −Jᵀr, [dim]
	step       []float64
	cholesky   mat.Cholesky
}

func newRefiner(by *forward, n Noise) *refiner {
	m := len(by.momenta)
	if n.InFrame {
		m = len(by.inFrame)
	}
	return &refiner{
		forward: by, noise: n, now: newMisfit(by.dim, m), trial: newMisfit(by.dim, m),
		normal: mat.NewSymDense(by.dim, nil), damped: mat.NewSymDense(by.dim, nil),
		gradient: make([]float64, by.dim), step: make([]float64, by.dim),
	}
}

// refine leaves the best coordinates in r.now. It gives up a fit that does not get
// nearer.
func (r *refiner) refine(o *observation, coordinates []float64) (iterations int, converged bool, err error) {
	if err := r.now.compare(r.forward, o, r.noise, coordinates); err != nil {
		return 0, false, err
	}
	damping, growth := 1e-6, 2.0
	history := [patience]float64{}
	for i := range history {
		history[i] = math.Inf(1)
	}
	r.linearise()
	for iterations = 1; iterations <= maxIterations; iterations++ {
		predicted, length := r.solve(damping)
		if predicted < settled && damping <= 1e-3 {
			return iterations, true, nil
		}
		if r.hopeless(predicted, damping, history[iterations%len(history)]) {
			return iterations, false, nil
		}
		history[iterations%len(history)] = r.now.chiSquare
		gain := -1.0
		if length > 0 {
			gain = r.attempt(o, length) / (length * (2 - length) * predicted)
		}
		if !(gain > 1e-3) {
			if damping *= growth; damping > 1e8 {
				return iterations, false, nil
			}
			growth *= 4
			continue
		}
		r.now, r.trial = r.trial, r.now
		r.linearise()
		damping *= math.Max(1./30, 1-math.Pow(2*gain-1, 3))
		growth = 2
	}
	return maxIterations, false, nil
}

// linearise sets JᵀJ and −Jᵀr.
func (r *refiner) linearise() {
	m := len(r.now.residuals)
	for i := range r.gradient {
		a := r.now.jacobian[i*m:][:m]
		for j := i; j < len(r.gradient); j++ {
			b, sum := r.now.jacobian[j*m:][:m], 0.0
			for k := range a {
				sum += a[k] * b[k]
			}
			r.normal.SetSym(i, j, sum)
		}
		sum := 0.0
		for k, residual := range r.now.residuals {
			sum -= a[k] * residual
		}
		r.gradient[i] = sum
	}
}

// solve sets the step and returns the decrease of χ² that it predicts, and the part
// of it that may be taken; 0 where there is none.
func (r *refiner) solve(damping float64) (predicted, length float64) {
	for i := range r.gradient {
		for j := i; j < len(r.gradient); j++ {
			r.damped.SetSym(i, j, r.normal.At(i, j))
		}
		r.damped.SetSym(i, i, (1+damping)*r.normal.At(i, i))
	}
	if !r.cholesky.Factorize(r.damped) {
		return math.Inf(1), 0
	}
	step := mat.NewVecDense(len(r.step), r.step)
	if err := r.cholesky.SolveVecTo(step, mat.NewVecDense(len(r.gradient), r.gradient)); err != nil {
		var ill mat.Condition // a step that may still lead on
		if !errors.As(err, &ill) {
			return math.Inf(1), 0
		}
	}
	length = 1
	lengths := r.forward.frame.ZMatrix.Lengths()
	for i, d := range r.step {
		predicted += d * r.gradient[i]
		limit := longest
		if i < lengths {
			limit *= r.now.coordinates[i]
		}
		length = math.Min(length, limit/math.Abs(d))
	}
	return predicted, length
}

// attempt sets the trial and returns by how much χ² is less there.
func (r *refiner) attempt(o *observation, length float64) float64 {
	coordinates := r.trial.coordinates
	for i, x := range r.now.coordinates {
		coordinates[i] = x + length*r.step[i]
	}
	if r.trial.compare(r.forward, o, r.noise, coordinates) != nil {
		return math.Inf(-1)
	}
	return r.now.chiSquare - r.trial.chiSquare
}

// hopeless reports whether a fit is on its way to a minimum that explains nothing: it
// has not halved its residuals since χ² was before, or a full step would hardly do any
// good.
func (r *refiner) hopeless(predicted, damping, before float64) bool {
	if r.now.chiSquare < 100 {
		return false
	}
	return r.now.chiSquare > before/4 || damping < 1e-2 && predicted < 0.01*r.now.chiSquare
}
