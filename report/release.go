package report

import (
	"fmt"
	"slices"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// releases returns the kinetic energy release Σ p²/2m of each event, in eV.
func releases(e *dataset.Events) ([]float64, error) {
	masses, err := e.Masses()
	if err != nil {
		return nil, err
	}
	for i := range masses {
		masses[i] *= explosion.DaltonElectronMass
	}
	momenta := e.InUnits(e.PositionUnit, explosion.AtomicMomentum).Momenta
	all := make([]float64, e.Len())
	for i := range all {
		all[i] = explosion.KineticEnergyRelease(masses, momenta.Row(i)) * explosion.HartreeElectronVolt
	}
	return all, nil
}

// exploder explodes geometries of a run from rest.
type exploder struct {
	simulator *explosion.Simulator
	masses    []float64 // of the recipe's atoms, in electron masses
	order     []int     // the run's atom for each of the recipe's
	bohr      float64
}

func newExploder(c dataset.Encoding, r explosion.Recipe) (*exploder, error) {
	if len(r.Channels) != 1 {
		return nil, fmt.Errorf("report: explode draws: the recipe has %d channels of charges: want one", len(r.Channels))
	}
	m, err := r.Molecule.WithCharges(r.Channels[0].Charges)
	if err != nil {
		return nil, fmt.Errorf("report: explode draws: %w", err)
	}
	x := &exploder{masses: m.Masses(), bohr: c.PositionUnit.OrBohr().Bohr}
	labels, err := dataset.Labels(m.Symbols())
	if err != nil {
		return nil, fmt.Errorf("report: explode draws: %w", err)
	}
	for _, label := range labels {
		x.order = append(x.order, slices.Index(c.Atoms, label))
	}
	if len(labels) != len(c.Atoms) || slices.Contains(x.order, -1) {
		return nil, fmt.Errorf("report: explode draws: the recipe's molecule has the atoms %v, the run %v", labels, c.Atoms)
	}
	x.simulator, err = explosion.NewSimulator(m, r.Integrator)
	return x, err
}

// release returns the kinetic energy release in eV of a geometry [3N] in the run's unit; false where it cannot be
// exploded, as where two atoms meet.
func (x *exploder) release(geometry []float64) (float64, bool) {
	positions := make([]float64, 0, len(geometry))
	for _, atom := range x.order {
		for _, v := range geometry[3*atom : 3*atom+3] {
			positions = append(positions, v*x.bohr)
		}
	}
	outcome, err := x.simulator.Explode(positions, nil)
	if err != nil {
		return 0, false
	}
	return explosion.KineticEnergyRelease(x.masses, outcome.Momenta) * explosion.HartreeElectronVolt, true
}
