package explosion

import "math"

// scaledTime is the fast method. It steps in a time s that runs as fast as the
// ions part,
//
//	ds/dt = λ = √(Σ v²/d²) over all pairs,
//
// d being a pair's distance and v = √(2E/μ) the speed that it would have if all
// the energy E were that of its relative motion. For two ions λ = v/d, and then
// their distance is a(1 + e cosh s) with constants a and e: an entire function of
// s, while in plain time the singularities at complex times of collision, which
// follow the start closely, hold steps down to a fraction of the time that has
// passed. Equal steps in s lengthen with the distances by themselves, and a
// method of high order needs few. The time is not integrated, as momenta far away
// do not depend on it.
type scaledTime struct {
	ions      *ions
	firstStep float64
	couplings []coupling // of the ions' pairs
	tangents  *tangents  // nil unless derivatives are wanted
	step      float64    // tried last

	trial        []float64
	fifth, third []float64               // estimates of the error of trial
	slopes       [][eighthStages]float64 // of each component of the state
	forces       []float64
}

// coupling is what a pair's force and its part in λ are made of.
type coupling struct{ chargeProduct, speedSquare float64 }

// overestimate is how much larger the estimate of a step's error is than what the
// step adds to the error of the momenta, roughly, for most molecules.
const overestimate = 8

func newScaledTime(s *ions, tolerance float64) *scaledTime {
	size := len(s.state)
	return &scaledTime{
		ions: s,
		// The step that most molecules can start with.
		firstStep: 3.8 * math.Pow(overestimate*tolerance, 1./8),
		couplings: make([]coupling, len(s.pairs)),
		trial:     make([]float64, size),
		fifth:     make([]float64, size),
		third:     make([]float64, size),
		slopes:    make([][eighthStages]float64, size),
		forces:    make([]float64, size/2),
	}
}

func (t *scaledTime) order() int { return 8 }

func (t *scaledTime) start(energy float64) (step float64) {
	for k := range t.couplings {
		p := &t.ions.pairs[k]
		reciprocal := t.ions.inverse[p.i] + t.ions.inverse[p.j]
		t.couplings[k] = coupling{p.chargeProduct, 2 * energy * reciprocal}
	}
	t.slope(0, t.ions.state)
	return t.firstStep
}

func (t *scaledTime) try(step float64, scale errorScale) float64 {
	t.step = step
	for stage := 1; stage < eighthStages; stage++ {
		combineStage(stage, t.trial, t.ions.state, t.slopes, step)
		t.slope(stage, t.trial)
	}
	combineSolution(t.trial, t.fifth, t.third, t.ions.state, t.slopes, step)
	// The estimate of the book: of the order of the method, while fifth alone is of
	// order 6 in the step and third of order 4.
	fifth, third := scale.norm(t.fifth), scale.norm(t.third)
	if fifth == 0 {
		return 0
	}
	return fifth * (fifth / math.Hypot(fifth, third/10)) / overestimate
}

func (t *scaledTime) accept() {
	if t.tangents != nil {
		t.tangents.advance(t)
	}
	copy(t.ions.state, t.trial)
	t.slope(0, t.ions.state)
}

// slope sets the derivatives of a state with respect to s: velocities and forces,
// divided by λ.
func (t *scaledTime) slope(stage int, state []float64) {
	inverse := t.ions.inverse
	momenta := state[len(inverse):][:len(inverse)]
	forces := t.forces[:len(inverse)]
	perRate := 1 / math.Sqrt(t.forcesAndRate(forces, state[:len(inverse)]))
	velocitySlopes := t.slopes[:len(inverse)]
	forceSlopes := t.slopes[len(inverse):][:len(inverse)]
	for i, force := range forces {
		velocitySlopes[i][stage] = perRate * inverse[i] * momenta[i]
		forceSlopes[i][stage] = perRate * force
	}
}

// forcesAndRate is coulombForces with all pairs in a row, and λ².
func (t *scaledTime) forcesAndRate(forces, positions []float64) (square float64) {
	clear(forces)
	couplings := t.couplings
	for i := 0; i+3 < len(positions); i += 3 {
		a, sum := vectorAt(positions, i), vectorAt(forces, i)
		for j := i + 3; j+3 <= len(positions); j += 3 {
			c := &couplings[0]
			couplings = couplings[1:]
			d := a.sub(vectorAt(positions, j))
			inverse := 1 / d.dot(d)
			square += c.speedSquare * inverse
			force := d.scale(c.chargeProduct * inverse * math.Sqrt(inverse))
			sum = sum.add(force)
			vectorAt(forces, j).sub(force).put(forces, j)
		}
		sum.put(forces, i)
	}
	return square
}
