package explosion

import "math"

// complete gives the tangents of the momenta what ions.complete will give the
// momenta, by the same iteration. impulses and mean are its memory.
func (v *tangents) complete(impulses, mean []float64) {
	n := len(impulses)
	impulseTangents, meanTangent := v.trial[:v.count*n], v.stage[:n]
	clear(impulses)
	clear(impulseTangents)
	for range completionIterations {
		copy(mean, v.ions.momenta())
		addScaled(mean, 0.5, impulses)
		for k := range v.count {
			state, tangent := v.states[2*k*n:][:2*n], impulseTangents[k*n:][:n]
			copy(meanTangent, state[n:])
			addScaled(meanTangent, 0.5, tangent)
			v.impulses(tangent, mean, state[:n], meanTangent)
		}
		v.ions.impulses(impulses, mean)
	}
	for k := range v.count {
		addScaled(v.states[2*k*n+n:][:n], 1, impulseTangents[k*n:][:n])
	}
}

// impulses writes the derivatives of ions.impulses along a direction of positions
// and momenta.
func (v *tangents) impulses(tangent, momenta, positionTangent, momentumTangent []float64) {
	clear(tangent)
	inverse := v.ions.inverse
	for k := range v.ions.pairs {
		p := &v.ions.pairs[k]
		dd := p.difference(positionTangent)
		dw := vectorAt(momentumTangent, p.i).scale(inverse[p.i]).sub(vectorAt(momentumTangent, p.j).scale(inverse[p.j]))
		p.push(tangent, v.ions.motion(p, momenta).impulseTangent(p.chargeProduct, dd, dw))
	}
}

// impulseTangent is the derivative of impulse where d and w change by dd and dw.
func (m motion) impulseTangent(chargeProduct float64, dd, dw vector) vector {
	speed := math.Sqrt(m.speedSquare)
	u, v := m.d.scale(1/m.distance), m.w.scale(1/speed)
	distanceTangent, speedTangent := u.dot(dd), v.dot(dw)
	direction := dd.sub(u.scale(distanceTangent)).scale(1 / m.distance).add(dw.sub(v.scale(speedTangent)).scale(1 / speed))
	divisor := m.distance*speed + m.outward
	divisorTangent := distanceTangent*speed + m.distance*speedTangent + dd.dot(m.w) + m.d.dot(dw)
	return direction.sub(u.add(v).scale(divisorTangent / divisor)).scale(chargeProduct / divisor)
}
