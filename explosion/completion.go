package explosion

import "math"

// motion is how the two ions of a pair move against each other.
type motion struct {
	d, w        vector // difference of positions and of velocities
	distance    float64
	speedSquare float64
	outward     float64 // d·w
	reducedMass float64
}

func (s *ions) motion(p *pair, momenta []float64) motion {
	inverseI, inverseJ := s.inverse[p.i], s.inverse[p.j]
	a, b := vectorAt(momenta, p.i), vectorAt(momenta, p.j)
	d, w := p.difference(s.positions()), a.scale(inverseI).sub(b.scale(inverseJ))
	return motion{d, w, math.Sqrt(d.dot(d)), w.dot(w), d.dot(w), 1 / (inverseI + inverseJ)}
}

// outlook reports whether every pair flies apart so fast, and so straight, that its
// potential energy hardly matters any more, and the smallest distance of a pair. For
// ions that approach each other that is where they would turn if they met head-on,
// since what is a small error on the way there may be a large one when they meet.
func (s *ions) outlook(energy, fraction float64) (free bool, closest float64) {
	free, closest = true, math.Inf(1)
	remaining := 0.0
	for k := range s.pairs {
		m := s.motion(&s.pairs[k], s.momenta())
		potential := s.pairs[k].chargeProduct / m.distance
		kinetic := m.reducedMass * m.speedSquare / 2
		if m.outward > 0 {
			closest = min(closest, m.distance)
			free = free && m.apart(potential/kinetic, fraction)
		} else {
			closest = min(closest, m.distance*potential/(potential+kinetic))
			free = false
		}
		remaining += potential
	}
	return free && remaining <= fraction*energy, closest
}

// completionIterations each bring one more power of the remaining energy.
const completionIterations = 3

// apart reports whether completion may take over a pair of outward motion with a
// potential energy relative to its kinetic one. Where the pair flies straight apart,
// what completion leaves undone is of third order. Otherwise it is of second order,
// some hundredths of it times the sine between direction and line of the pair.
func (m motion) apart(relative, fraction float64) bool {
	cosine := m.outward / (m.distance * math.Sqrt(m.speedSquare))
	sine := math.Sqrt(max(0, 1-cosine*cosine))
	return relative <= fraction && relative*relative*sine <= 2*fraction*fraction*fraction
}

// complete gives the momenta what they still receive on the way to infinity, to
// second order in the remaining potential energy. Each pair goes on in a straight
// line, d(t) = d + w t, and ion i of it receives
//
//	∫₀^∞ q₁q₂ d(t)/|d(t)|³ dt = q₁q₂ (d/|d| + w/|w|) / (|d||w| + d·w).
//
// To first order w is the velocity there is. To second order it is the mean of
// that and the final velocity: free ions are nearly where straight lines from one
// point would have brought them, so that all distances grow in proportion and
// all impulses come in at the same pace. For two ions on a line the mean is
// exact. As it holds the impulses that are sought, they are found by iteration.
func (s *ions) complete(impulses, mean []float64) {
	clear(impulses)
	for range completionIterations {
		copy(mean, s.momenta())
		addScaled(mean, 0.5, impulses)
		s.impulses(impulses, mean)
	}
	addScaled(s.momenta(), 1, impulses)
}

// impulses writes what the ions receive on straight lines with these momenta.
func (s *ions) impulses(impulses, momenta []float64) {
	clear(impulses)
	for k := range s.pairs {
		p := &s.pairs[k]
		p.push(impulses, s.motion(p, momenta).impulse(p.chargeProduct))
	}
}

// impulse is the integral above. With |d(t)|² = d² + 2 d·w t + w² t² and
// D = d²w² − (d·w)² = (dw + d·w)(dw − d·w),
//
//	∫₀^∞ dt/|d(t)|³   = (w − d·w/d)/D = 1/(d (dw + d·w)),
//	∫₀^∞ t dt/|d(t)|³ = (d − d·w/w)/D = 1/(w (dw + d·w)).
func (m motion) impulse(chargeProduct float64) vector {
	speed := math.Sqrt(m.speedSquare)
	direction := m.d.scale(1 / m.distance).add(m.w.scale(1 / speed))
	return direction.scale(chargeProduct / (m.distance*speed + m.outward))
}
