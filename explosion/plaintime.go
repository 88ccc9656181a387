package explosion

import "math"

// plainTime is the reference method: the pair of Dormand and Prince, with time
// itself for the step. It is written for the reader.
type plainTime struct {
	ions     *ions
	trial    []float64
	estimate []float64 // of the error of trial
	slopes   [stages][]float64
}

func newPlainTime(s *ions) *plainTime {
	size := len(s.state)
	p := &plainTime{ions: s, trial: make([]float64, size), estimate: make([]float64, size)}
	for k := range p.slopes {
		p.slopes[k] = make([]float64, size)
	}
	return p
}

func (p *plainTime) order() int { return 5 }

// start returns a small part of the time in which the fastest pair doubles its
// distance, from rest or by the velocity it has; the controller does the rest.
func (p *plainTime) start(float64) (step float64) {
	p.slope(p.slopes[0], p.ions.state)
	shortest := math.Inf(1)
	for k := range p.ions.pairs {
		pair := &p.ions.pairs[k]
		m := p.ions.motion(pair, p.ions.momenta())
		fromRest := math.Sqrt(m.reducedMass/pair.chargeProduct*m.distance) * m.distance
		shortest = min(shortest, fromRest, m.distance/math.Sqrt(m.speedSquare))
	}
	return 0.01 * shortest
}

// try expects the first slope.
func (p *plainTime) try(step float64, scale errorScale) float64 {
	for s, weights := range stageWeights {
		copy(p.trial, p.ions.state)
		for r := range s + 1 {
			addScaled(p.trial, step*weights[r], p.slopes[r])
		}
		p.slope(p.slopes[s+1], p.trial)
	}
	clear(p.estimate)
	for s, weight := range errorWeights {
		addScaled(p.estimate, step*weight, p.slopes[s])
	}
	return scale.norm(p.estimate)
}

func (p *plainTime) accept() {
	copy(p.ions.state, p.trial)
	p.slopes[0], p.slopes[stages-1] = p.slopes[stages-1], p.slopes[0]
}

// slope writes the time derivative of a state: velocities and forces.
func (p *plainTime) slope(derivative, state []float64) {
	n := len(p.ions.inverse)
	for i, inverse := range p.ions.inverse {
		derivative[i] = state[n+i] * inverse
	}
	coulombForces(derivative[n:], state[:n], p.ions.pairs)
}

func addScaled(sum []float64, factor float64, term []float64) {
	term = term[:len(sum)]
	for i := range sum {
		sum[i] += factor * term[i]
	}
}
