package explosion

import (
	"fmt"
	"math"
)

// Outcome is what an explosion ends with.
type Outcome struct {
	Momenta     []float64 // asymptotic, [3N], atomic units
	Steps       int       // taken
	Rejected    int       // steps tried and repeated smaller
	EnergyError float64   // of the final kinetic energy, relative, in the centre-of-mass frame
}

// Explode follows the ions of m from their positions [3N] in Bohr, with initial
// momenta [3N] in atomic units (nil: at rest), until their mutual repulsion is
// spent, and returns their final momenta. The relative error of these is of the
// order of Tolerance and of RemainingEnergy squared.
//
// It is an error if ions attract each other or none repel, if two atoms are at
// the same place, if numbers are not finite or not as many as the atoms need,
// if MaxSteps do not suffice, or if the energy is off by more than
// MaxEnergyError.
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
	molecule   Molecule
	integrator *integrator
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

func (s *Simulator) explode(positions, initialMomenta []float64) (Outcome, error) {
	if err := s.molecule.checkPositions(positions); err != nil {
		return Outcome{}, err
	}
	if initialMomenta != nil {
		if err := s.molecule.checkCoordinates("momenta", initialMomenta); err != nil {
			return Outcome{}, err
		}
	}
	g := s.integrator
	drift := g.start(positions, initialMomenta)
	energy := coulombEnergy(g.positions(), g.pairs) + KineticEnergyRelease(g.masses, g.momenta())
	if !(energy > 0) || math.IsInf(energy, 0) {
		return Outcome{}, fmt.Errorf("initial energy is %g Hartree: want a positive number: positions or momenta are out of range", energy)
	}
	steps, rejected, err := g.run(energy)
	if err != nil {
		return Outcome{}, err
	}
	g.complete()
	deviation := math.Abs(KineticEnergyRelease(g.masses, g.momenta())-energy) / energy
	if !(deviation <= g.options.MaxEnergyError) {
		return Outcome{}, fmt.Errorf("energy is off by %.2g after %d steps: want at most %g", deviation, steps, g.options.MaxEnergyError)
	}
	return Outcome{Momenta: g.finish(drift), Steps: steps, Rejected: rejected, EnergyError: deviation}, nil
}

// start sets the state in the centre-of-mass frame, where neither a displaced
// origin nor a common motion costs digits, and returns the velocity of that
// frame.
func (g *integrator) start(positions, momenta []float64) (drift vector) {
	copy(g.positions(), positions)
	moveToCentreOfMass(g.positions(), g.masses)
	clear(g.momenta())
	copy(g.momenta(), momenta)
	total := 0.0
	for i, mass := range g.masses {
		total += mass
		drift = drift.add(vectorAt(g.momenta(), 3*i))
	}
	drift = drift.scale(1 / total)
	g.boost(drift.scale(-1))
	return drift
}

// finish returns the momenta in the frame of the input.
func (g *integrator) finish(drift vector) []float64 {
	g.boost(drift)
	return append([]float64(nil), g.momenta()...)
}

func (g *integrator) boost(velocity vector) {
	momenta := g.momenta()
	for i, mass := range g.masses {
		vectorAt(momenta, 3*i).add(velocity.scale(mass)).put(momenta, 3*i)
	}
}
