package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// Simulated returns events without rows, and with all else that a table of a
// recipe's events has: atoms, columns, masses, atomic units, the recipe. With
// several channels of charges, the charges are extra columns q_C, q_O, …
func Simulated(r explosion.Recipe) (*Events, error) {
	r, err := r.Complete()
	if err != nil {
		return nil, err
	}
	e := &Events{PositionUnit: explosion.Bohr, MomentumUnit: explosion.AtomicMomentum, MassesDalton: unusualMasses(r.Molecule)}
	if e.Atoms, err = Labels(r.Molecule.Symbols()); err != nil {
		return nil, err
	}
	e.PositionColumns, e.MomentumColumns = ColumnNames(e.Atoms)
	if len(r.Channels) > 1 {
		for _, atom := range e.Atoms {
			e.ExtraColumns = append(e.ExtraColumns, "q_"+atom)
		}
	}
	e.Momenta.Cols, e.Extra.Cols = len(e.MomentumColumns), len(e.ExtraColumns)
	if e.Recipe, err = json.Marshal(r); err != nil {
		return nil, fmt.Errorf("dataset: keep recipe: %w", err)
	}
	return e, nil
}

// unusualMasses returns nil where all masses are standard atomic weights.
func unusualMasses(m explosion.Molecule) []float64 {
	masses, unusual := make([]float64, len(m.Atoms)), false
	for i, atom := range m.Atoms {
		masses[i] = atom.MassDalton
		standard, _ := explosion.AtomicMass(atom.Symbol)
		unusual = unusual || masses[i] != standard
	}
	if !unusual {
		return nil
	}
	return masses
}

// Simulate returns the events of a recipe, and what became of those that are not
// among them. workers goroutines share the work; below 1, as many as there are
// processors.
func Simulate(ctx context.Context, r explosion.Recipe, workers int) (*Events, explosion.Report, error) {
	r, err := r.Complete()
	if err != nil {
		return nil, explosion.Report{}, err
	}
	e, err := Simulated(r)
	if err != nil {
		return nil, explosion.Report{}, err
	}
	report, err := explosion.Simulate(ctx, r, workers, func(event explosion.Event) error {
		e.append(event.Positions, event.Momenta, e.Charges(r, event))
		return nil
	})
	if err != nil {
		return nil, report, err
	}
	return e, report, nil
}

// Charges returns the extra numbers of an event that was simulated by a complete
// recipe: the charges of its channel, where there are several.
func (e *Events) Charges(r explosion.Recipe, event explosion.Event) []float64 {
	if len(r.Channels) < 2 {
		return nil
	}
	return r.Channels[event.Channel].Charges
}

// append adds a row.
func (e *Events) append(positions, momenta, extra []float64) {
	for _, part := range []struct {
		to  *Matrix
		row []float64
	}{{&e.Positions, positions}, {&e.Momenta, momenta}, {&e.Extra, extra}} {
		if len(part.row) > 0 {
			part.to.Rows, part.to.Cols = part.to.Rows+1, len(part.row)
			part.to.Data = append(part.to.Data, part.row...)
		}
	}
}

// Simulation makes fresh events of a recipe for each epoch of a training, in the
// coordinates of the encoding that was fitted on the first one's. It is a
// trainer.Source.
type Simulation struct {
	Recipe    explosion.Recipe
	Selection Selection // of the events that count
	Encoding  Encoding
	Rows      int // events of an epoch
	Workers   int // see Simulate
}

// epochSpan is how far apart the indices lie from which the epochs' events are
// made: no epoch has as many.
const epochSpan = 1 << 40

// Part returns the events of an epoch, which depend on the recipe and the epoch
// alone. Where events fail, are lost for the detector or not selected, later ones
// take their place.
func (s Simulation) Part(ctx context.Context, epoch int) (Part, error) {
	events, err := s.events(ctx, epoch)
	if err != nil {
		return Part{}, fmt.Errorf("dataset: simulate epoch %d: %w", epoch, err)
	}
	var p Part
	if p.Positions, err = s.Encoding.EncodePositions(events); err == nil {
		p.Momenta, err = s.Encoding.EncodeMomenta(events)
	}
	if err != nil {
		return Part{}, fmt.Errorf("dataset: simulate epoch %d: %w", epoch, err)
	}
	return p, nil
}

// leastShareKept is the share of the events below which a simulation is given up.
const leastShareKept = 1e-3

func (s Simulation) events(ctx context.Context, epoch int) (*Events, error) {
	r := s.Recipe
	if r.Geometry.Kind == explosion.GeometryGrid {
		return nil, errors.New("a grid has the same geometries in every epoch")
	}
	all, err := Simulated(r)
	if err != nil {
		return nil, err
	}
	r.First += epoch * epochSpan
	for tried := 0; all.Len() < s.Rows; tried += r.Events {
		r.First += r.Events * min(tried, 1)
		r.Events = max(s.Rows-all.Len(), 64)
		if float64(all.Len()) < leastShareKept*float64(tried)-100 {
			return nil, fmt.Errorf("only %d of %d events were not lost, left out or failed", all.Len(), tried)
		}
		if err := s.appendEvents(ctx, r, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// appendEvents adds the events of a recipe that count, up to s.Rows in all.
func (s Simulation) appendEvents(ctx context.Context, r explosion.Recipe, all *Events) error {
	more, _, err := Simulate(ctx, r, s.Workers)
	if err != nil {
		return err
	}
	selected, err := s.Selection.Apply(more)
	if err != nil {
		return err
	}
	for i := 0; i < selected.Events.Len() && all.Len() < s.Rows; i++ {
		var extra []float64
		if len(all.ExtraColumns) > 0 {
			extra = selected.Events.Extra.Row(i)
		}
		all.append(selected.Events.Positions.Row(i), selected.Events.Momenta.Row(i), extra)
	}
	return nil
}
