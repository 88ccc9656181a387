package explosion

import "fmt"

// Sensitivity does what Explode does and returns besides the final momenta [3N]
// their derivatives along k directions [k, 3N] in the space of the positions:
// derivatives [k, 3N], in atomic units of momentum per unit of the direction. Unit
// vectors give the Jacobian by the positions in atomic units per Bohr, tangents of
// internal coordinates that by these. Initial momenta stay as they are.
//
// The derivatives come from the variational equations, integrated beside the motion
// by MethodFast, whatever the options' Method is. They take the steps that the
// motion needs, and their relative error is of the order of ten times the
// Tolerance. The cost is about that of 1+k explosions.
func (s *Simulator) Sensitivity(positions, initialMomenta, directions []float64) (momenta, derivatives []float64, err error) {
	momenta = make([]float64, 3*len(s.molecule.Atoms))
	derivatives = make([]float64, len(directions))
	if _, err := s.SensitivityInto(momenta, derivatives, positions, initialMomenta, directions); err != nil {
		return nil, nil, err
	}
	return momenta, derivatives, nil
}

// SensitivityInto does what Sensitivity does and writes the final momenta [3N] and
// their derivatives [k, 3N] to slices of the caller. It allocates nothing as long as
// k stays the same. On every error both are left alone.
func (s *Simulator) SensitivityInto(momenta, derivatives, positions, initialMomenta, directions []float64) (Diagnostics, error) {
	d, err := s.sensitivityInto(momenta, derivatives, positions, initialMomenta, directions)
	if err != nil {
		return d, fmt.Errorf("explosion: differentiate explosion of %s: %w", s.molecule.Name, err)
	}
	return d, nil
}

func (s *Simulator) sensitivityInto(momenta, derivatives, positions, initialMomenta, directions []float64) (Diagnostics, error) {
	if err := s.checkInput(momenta, positions, initialMomenta); err != nil {
		return Diagnostics{}, err
	}
	if err := checkDirections(derivatives, directions, len(positions)); err != nil {
		return Diagnostics{}, err
	}
	if len(directions) == 0 {
		return s.explodeInto(momenta, positions, initialMomenta)
	}
	g := s.differentiator(len(directions) / len(positions))
	drift := g.ions.start(positions, initialMomenta)
	g.tangents.start(directions)
	d, err := g.run()
	if err != nil {
		return d, err
	}
	g.tangents.finish(derivatives)
	s.deliver(g.ions, momenta, initialMomenta, drift)
	return d, nil
}

func checkDirections(derivatives, directions []float64, width int) error {
	if len(directions)%width != 0 {
		return fmt.Errorf("%d numbers for directions: want a multiple of %d", len(directions), width)
	}
	if len(derivatives) != len(directions) {
		return fmt.Errorf("room for %d derivatives: want %d", len(derivatives), len(directions))
	}
	if i := firstNonFinite(directions); i >= 0 {
		return fmt.Errorf("component %d of direction %d is %g: want a finite number", i%width+1, i/width+1, directions[i])
	}
	return nil
}

// differentiator returns an integrator that carries so many tangents along.
func (s *Simulator) differentiator(count int) *integrator {
	if g := s.differentiating; g != nil && g.tangents.count == count {
		return g
	}
	o := s.integrator.options
	o.Method = MethodFast
	g := newIntegrator(s.molecule, o)
	g.carryTangents(count)
	s.differentiating = g
	return g
}
