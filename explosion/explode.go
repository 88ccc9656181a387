package explosion

import "fmt"

// Outcome is what an explosion ends with.
type Outcome struct {
	Momenta []float64 // asymptotic, [3N], atomic units
	Diagnostics
}

// Diagnostics tell how an explosion was followed.
type Diagnostics struct {
	Steps       int     // taken
	Rejected    int     // steps tried and repeated smaller
	EnergyError float64 // of the final kinetic energy, relative, in the ions' centre-of-mass frame
}

// Explode follows the ions of m from their positions [3N] in Bohr, with initial
// momenta [3N] in atomic units (nil: at rest), until their mutual repulsion is
// spent, and returns their final momenta. The relative error of these is of the
// order of Tolerance. The same input gives the same bits, whatever was exploded
// before.
//
// It is an error if ions attract each other or none repel, if two atoms are at
// the same place, or if numbers are not finite or not as many as the atoms need.
// It is an ErrNotConverged if MaxSteps do not suffice or if the energy is off by
// more than MaxEnergyError.
func (o Options) Explode(m Molecule, positions, initialMomenta []float64) (Outcome, error) {
	s, err := NewSimulator(m, o)
	if err != nil {
		return Outcome{}, err
	}
	return s.Explode(positions, initialMomenta)
}

// Simulator explodes one molecule again and again in the same memory. It serves
// one goroutine at a time.
type Simulator struct {
	molecule        Molecule
	integrator      *integrator
	differentiating *integrator // made when derivatives are first wanted
}

// NewSimulator returns a simulator for a molecule whose ions repel each other.
func NewSimulator(m Molecule, o Options) (*Simulator, error) {
	o, err := o.Complete()
	if err != nil {
		return nil, err
	}
	if err := m.checkExplosive(); err != nil {
		return nil, fmt.Errorf("explosion: explode %s: %w", m.Name, err)
	}
	return &Simulator{molecule: m, integrator: newIntegrator(m, o)}, nil
}

// Explode does what Options.Explode does.
func (s *Simulator) Explode(positions, initialMomenta []float64) (Outcome, error) {
	outcome, err := s.explode(positions, initialMomenta)
	if err != nil {
		return Outcome{}, fmt.Errorf("explosion: explode %s: %w", s.molecule.Name, err)
	}
	return outcome, nil
}

// ExplodeInto does what Options.Explode does and writes the final momenta [3N] to
// dst, which may be one of the other slices. It allocates nothing. With an
// ErrNotConverged, the diagnostics tell how far the explosion was followed; dst is
// left alone on every error.
func (s *Simulator) ExplodeInto(dst, positions, initialMomenta []float64) (Diagnostics, error) {
	d, err := s.explodeInto(dst, positions, initialMomenta)
	if err != nil {
		return d, fmt.Errorf("explosion: explode %s: %w", s.molecule.Name, err)
	}
	return d, nil
}

func (s *Simulator) explode(positions, initialMomenta []float64) (Outcome, error) {
	momenta := make([]float64, 3*len(s.molecule.Atoms))
	d, err := s.explodeInto(momenta, positions, initialMomenta)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{momenta, d}, nil
}

func (s *Simulator) explodeInto(dst, positions, initialMomenta []float64) (Diagnostics, error) {
	if err := s.checkInput(dst, positions, initialMomenta); err != nil {
		return Diagnostics{}, err
	}
	ions := s.integrator.ions
	drift := ions.start(positions, initialMomenta)
	d, err := s.integrator.run()
	if err != nil {
		return d, err
	}
	s.deliver(ions, dst, initialMomenta, drift)
	return d, nil
}

// deliver writes the ions' final momenta to dst, and of neutral atoms the initial
// ones.
func (s *Simulator) deliver(ions *ions, dst, initialMomenta []float64, drift vector) {
	if initialMomenta == nil {
		clear(dst)
	} else {
		copy(dst, initialMomenta)
	}
	ions.finish(dst, drift)
}

func (s *Simulator) checkInput(dst, positions, initialMomenta []float64) error {
	if err := s.molecule.checkPositions(positions); err != nil {
		return err
	}
	if len(dst) != len(positions) {
		return fmt.Errorf("room for %d final momenta: want %d", len(dst), len(positions))
	}
	if initialMomenta == nil {
		return nil
	}
	return s.molecule.checkCoordinates("momenta", initialMomenta)
}
