package explosion

import "math"

// motion is how the two ions of a pair move against each other.
type motion struct {
	d, w            vector // difference of positions and of velocities
	distance, speed float64
	outward         float64 // d·w
	reducedMass     float64
}

func (g *integrator) motion(p *pair) motion {
	inverseI, inverseJ := g.inverse[p.i], g.inverse[p.j]
	momenta := g.momenta()
	a, b := vectorAt(momenta, p.i), vectorAt(momenta, p.j)
	m := motion{d: p.difference(g.positions()), w: a.scale(inverseI).sub(b.scale(inverseJ))}
	m.distance, m.speed = math.Sqrt(m.d.dot(m.d)), math.Sqrt(m.w.dot(m.w))
	m.outward = m.d.dot(m.w)
	m.reducedMass = 1 / (inverseI + inverseJ)
	return m
}

// free reports whether every pair flies apart so fast that its potential energy
// hardly matters any more.
func (g *integrator) free(energy float64) bool {
	fraction := g.options.RemainingEnergy
	remaining := 0.0
	for k := range g.pairs {
		m := g.motion(&g.pairs[k])
		potential := g.pairs[k].chargeProduct / m.distance
		if !(m.outward > 0) || potential > fraction*m.reducedMass*m.speed*m.speed/2 {
			return false
		}
		remaining += potential
	}
	return remaining <= fraction*energy
}

// complete gives the momenta what they still receive on the way to infinity, to
// first order in the remaining potential energy: each pair goes on in a straight
// line, d(t) = d + w t, and ion i of it receives
//
//	∫₀^∞ q₁q₂ d(t)/|d(t)|³ dt.
//
// With |d(t)|² = d² + 2 d·w t + w² t² and D = d²w² − (d·w)²,
//
//	∫₀^∞ dt/|d(t)|³   = (w − d·w/d)/D = 1/(d (dw + d·w)),
//	∫₀^∞ t dt/|d(t)|³ = (d − d·w/w)/D = 1/(w (dw + d·w)),
//
// since D = (dw + d·w)(dw − d·w). The impulse is therefore
//
//	q₁q₂ (d/|d| + w/|w|) / (|d||w| + d·w),
//
// and ion j receives the opposite, so that the total momentum stays. All
// impulses belong to the same straight lines and are found before any is given.
func (g *integrator) complete() {
	n := len(g.inverse)
	impulses := g.estimate[:n]
	clear(impulses)
	for k := range g.pairs {
		p := &g.pairs[k]
		m := g.motion(p)
		direction := m.d.scale(1 / m.distance).add(m.w.scale(1 / m.speed))
		p.push(impulses, direction.scale(p.chargeProduct/(m.distance*m.speed+m.outward)))
	}
	addScaled(g.momenta(), 1, impulses)
}
