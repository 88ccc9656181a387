package explosion

import "math"

// tangents are derivatives of the ions' state along directions in the space of
// positions, carried along by the variational equations of the motion in scaled
// time: the derivative of a slope is linear in the derivative of the state.
//
// They take the same steps and stages as the motion, and so are the derivatives of
// what it computes. The energy in λ counts as a constant, since any scale of s
// leads along the same trajectory; that of λ with the positions counts, and makes
// tangents as free of singularities as the motion is.
type tangents struct {
	ions   *ions
	count  int
	states []float64 // [count, 6n]
	trial  []float64
	slopes [][eighthStages]float64 // of each component of states
	stage  []float64               // state of the ions at a stage, [6n]
	forces []float64               // [3n]
	fields []pairField             // of the ions' pairs
}

// pairField is what the derivatives of a pair's force and of 1/λ are made of.
type pairField struct {
	d                       vector
	across, along, rateTerm float64
}

func newTangents(s *ions, count int) *tangents {
	size := len(s.state)
	return &tangents{
		ions:   s,
		count:  count,
		states: make([]float64, count*size),
		trial:  make([]float64, count*size),
		slopes: make([][eighthStages]float64, count*size),
		stage:  make([]float64, size),
		forces: make([]float64, size/2),
		fields: make([]pairField, len(s.pairs)),
	}
}

// start takes directions [count, 3N] of a molecule into the ions' centre-of-mass
// frame. Momenta do not depend on them at first.
func (v *tangents) start(directions []float64) {
	clear(v.states)
	size, width := len(v.ions.state), len(directions)/v.count
	for k := range v.count {
		positions := v.states[k*size:][:size/2]
		for ion, atom := range v.ions.atoms {
			copy(positions[3*ion:3*ion+3], directions[k*width+3*atom:])
		}
		moveToCentreOfMass(positions, v.ions.masses)
	}
}

// finish writes the derivatives of the momenta to those [count, 3N] of a molecule.
func (v *tangents) finish(derivatives []float64) {
	clear(derivatives)
	size, width := len(v.ions.state), len(derivatives)/v.count
	for k := range v.count {
		momenta := v.states[k*size+size/2:]
		for ion, atom := range v.ions.atoms {
			copy(derivatives[k*width+3*atom:][:3], momenta[3*ion:])
		}
	}
}

// advance takes the tangents over the step that t has tried last, while the ions
// are still at its start.
func (v *tangents) advance(t *scaledTime) {
	copy(v.stage, v.ions.state)
	v.slope(0, t.couplings, v.states)
	for stage := 1; stage < eighthStages; stage++ {
		combineStage(stage, v.stage, v.ions.state, t.slopes, t.step)
		combineStage(stage, v.trial, v.states, v.slopes, t.step)
		v.slope(stage, t.couplings, v.trial)
	}
	w := &eighthWeights
	for i := range v.states {
		k := &v.slopes[i]
		v.states[i] += t.step * (w[0]*k[0] + w[5]*k[5] + w[6]*k[6] + w[7]*k[7] + w[8]*k[8] + w[9]*k[9] + w[10]*k[10] + w[11]*k[11])
	}
}

// slope sets the derivatives with respect to s of tangents at the state in v.stage.
func (v *tangents) slope(stage int, couplings []coupling, states []float64) {
	perRate := v.look(couplings)
	inverse, size := v.ions.inverse, len(v.stage)
	n := len(inverse)
	momenta, forces := v.stage[n:][:n], v.forces[:n]
	for k := range v.count {
		state, slopes := states[k*size:][:size], v.slopes[k*size:][:size]
		change := v.forceSlopes(stage, state[:n], slopes[n:], perRate)
		for i, direction := range state[n:] {
			slopes[i][stage] = inverse[i] * (perRate*direction + change*momenta[i])
			slopes[n+i][stage] += change * forces[i]
		}
	}
}

// look sets forces and fields at the state in v.stage and returns 1/λ.
func (v *tangents) look(couplings []coupling) (perRate float64) {
	clear(v.forces)
	square := 0.0
	for k := range v.fields {
		p, c := &v.ions.pairs[k], &couplings[k]
		d := p.difference(v.stage)
		inverse := 1 / d.dot(d)
		square += c.speedSquare * inverse
		across := c.chargeProduct * inverse * math.Sqrt(inverse)
		v.fields[k] = pairField{d, across, -3 * across * inverse, c.speedSquare * inverse * inverse}
		p.push(v.forces, d.scale(across))
	}
	return 1 / math.Sqrt(square)
}

// forceSlopes sets the derivatives of the forces along a direction [3n], divided by
// λ, and returns the derivative of 1/λ.
func (v *tangents) forceSlopes(stage int, direction []float64, slopes [][eighthStages]float64, perRate float64) (change float64) {
	slopes = slopes[:len(direction)]
	for i := range slopes {
		slopes[i][stage] = 0
	}
	for k := range v.fields {
		f, p := &v.fields[k], &v.ions.pairs[k]
		e := p.difference(direction)
		along := f.d.dot(e)
		change += f.rateTerm * along
		force := e.scale(perRate * f.across).add(f.d.scale(perRate * f.along * along))
		a, b := slopes[p.i:p.i+3:p.i+3], slopes[p.j:p.j+3:p.j+3]
		a[0][stage] += force.x
		a[1][stage] += force.y
		a[2][stage] += force.z
		b[0][stage] -= force.x
		b[1][stage] -= force.y
		b[2][stage] -= force.z
	}
	return change * perRate * perRate * perRate
}
