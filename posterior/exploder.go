package posterior

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// exploder explodes draws of events and compares the momenta.
type exploder struct {
	encoding   dataset.Encoding
	momenta    dataset.Matrix         // of the events, in the frame and the run's unit
	simulators []*explosion.Simulator // by channel
	channels   []int                  // of the events; nil where there is one
	positions  []float64              // of a draw, Bohr
}

func newExploder(c dataset.Encoding, events *dataset.Events, r explosion.Recipe) (*exploder, error) {
	channels, err := chargesFor(c.Atoms, r)
	if err != nil {
		return nil, err
	}
	r, err = r.Complete()
	if err != nil {
		return nil, err
	}
	x := &exploder{encoding: c}
	for _, charges := range channels {
		m, err := chargedMolecule(c, r, charges)
		if err != nil {
			return nil, err
		}
		s, err := explosion.NewSimulator(m, r.Integrator)
		if err != nil {
			return nil, err
		}
		x.simulators = append(x.simulators, s)
	}
	if len(channels) > 1 {
		if x.channels, err = channelsOf(events, c.Atoms, channels); err != nil {
			return nil, err
		}
	}
	x.momenta, err = frameMomenta(c, events)
	return x, err
}

// CheckRecipe says why draws of a run with that encoding cannot be exploded by a recipe for the events: its molecule has
// other atoms, or the events do not say which of its channels is theirs.
func CheckRecipe(c dataset.Encoding, events *dataset.Events, r explosion.Recipe) error {
	channels, err := chargesFor(c.Atoms, r)
	if err == nil && len(channels) > 1 {
		_, err = channelsOf(events, c.Atoms, channels)
	}
	if err != nil {
		return fmt.Errorf("posterior: check recipe: %w", err)
	}
	return nil
}

// chargedMolecule returns the recipe's molecule with its atoms in the run's order.
func chargedMolecule(c dataset.Encoding, r explosion.Recipe, charges []float64) (explosion.Molecule, error) {
	order, err := atomOrder(c.Atoms, r.Molecule)
	if err != nil {
		return explosion.Molecule{}, err
	}
	m := explosion.Molecule{Name: r.Molecule.Name}
	for i, source := range order {
		atom := r.Molecule.Atoms[source]
		atom.Charge = charges[i]
		m.Atoms = append(m.Atoms, atom)
		m.Equilibrium = append(m.Equilibrium, r.Molecule.Equilibrium[3*source:3*source+3]...)
	}
	return m, nil
}

// frameMomenta returns the events' momenta as they are compared: in the run's frame and unit.
func frameMomenta(c dataset.Encoding, events *dataset.Events) (dataset.Matrix, error) {
	e, err := events.Reordered(c.Atoms)
	if err != nil {
		return dataset.Matrix{}, err
	}
	e = e.InUnits(c.PositionUnit, c.MomentumUnit)
	out := dataset.Matrix{Rows: e.Len(), Cols: e.Momenta.Cols, Data: make([]float64, 0, len(e.Momenta.Data))}
	for i := range e.Len() {
		if out.Data, _, err = c.Frame.Momenta(out.Data, e.Momenta.Row(i)); err != nil {
			return dataset.Matrix{}, fmt.Errorf("turn event %d of %d into the frame: %w", i+1, e.Len(), err)
		}
	}
	return out, nil
}

// mismatch returns |p(draw) - p(event)| / |p(event)| for a draw in Cartesian positions, and whether there is any: not
// where the draw cannot be exploded, or its momenta have no axes, or the event's are zero.
func (x *exploder) mismatch(event int, draw []float64) (relative float64, exploded bool) {
	simulator := x.simulators[0]
	if x.channels != nil {
		simulator = x.simulators[x.channels[event]]
	}
	x.positions = append(x.positions[:0], draw...)
	floats.Scale(x.encoding.PositionUnit.Bohr, x.positions)
	outcome, err := simulator.Explode(x.positions, nil)
	if err != nil {
		return 0, false
	}
	momenta := outcome.Momenta
	floats.Scale(1/x.encoding.MomentumUnit.AU, momenta)
	if kind := x.encoding.Frame.Kind; kind == explosion.FrameBody || kind == explosion.FrameInternal {
		// There positions and momenta have axes of their own; elsewhere they share them, and those of the draw count.
		if momenta, _, err = x.encoding.Frame.Momenta(nil, momenta); err != nil {
			return 0, false
		}
	}
	truth := x.momenta.Row(event)
	relative = floats.Distance(momenta, truth, 2) / floats.Norm(truth, 2)
	return relative, finite(relative)
}

// atomOrder returns, for each of the run's atoms, which of the molecule's it is.
func atomOrder(atoms []string, m explosion.Molecule) ([]int, error) {
	labels, err := dataset.Labels(m.Symbols())
	if err != nil {
		return nil, err
	}
	order := make([]int, len(atoms))
	for i, atom := range atoms {
		order[i] = slices.Index(labels, atom)
	}
	if len(labels) != len(atoms) || slices.Contains(order, -1) {
		return nil, fmt.Errorf("the recipe's molecule has the atoms %v, the run %v", labels, atoms)
	}
	return order, nil
}

// chargesFor returns the charges [channel][atom] of a recipe, in the order of the run's atoms.
func chargesFor(atoms []string, r explosion.Recipe) ([][]float64, error) {
	r, err := r.Complete()
	if err != nil {
		return nil, err
	}
	order, err := atomOrder(atoms, r.Molecule)
	if err != nil {
		return nil, err
	}
	all := make([][]float64, len(r.Channels))
	for k, channel := range r.Channels {
		for _, source := range order {
			all[k] = append(all[k], channel.Charges[source])
		}
	}
	return all, nil
}

// channelsOf returns which channel each event is of, by the events' own columns of charges.
func channelsOf(events *dataset.Events, atoms []string, channels [][]float64) ([]int, error) {
	columns := make([]int, len(atoms))
	for i, atom := range atoms {
		if columns[i] = slices.Index(events.ExtraColumns, "q_"+atom); columns[i] < 0 {
			return nil, fmt.Errorf("the recipe has %d channels of charges, and the events have no column q_%s that says which is theirs", len(channels), atom)
		}
	}
	all := make([]int, events.Len())
	for event := range all {
		charges := make([]float64, len(atoms))
		for i, column := range columns {
			charges[i] = events.Extra.Row(event)[column]
		}
		all[event] = slices.IndexFunc(channels, func(c []float64) bool { return slices.Equal(c, charges) })
		if all[event] < 0 {
			return nil, fmt.Errorf("event %d has the charges %g, which no channel of the recipe has", event+1, charges)
		}
	}
	return all, nil
}
