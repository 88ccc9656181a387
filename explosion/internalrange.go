package explosion

import (
	"fmt"
	"math/rand/v2"
)

// InternalRange is an internal coordinate and the range that it is drawn from. Its
// atoms are those of a GridAxis.
type InternalRange struct {
	Atoms []int   `json:"atoms"`
	From  float64 `json:"from"` // Angstrom or degrees
	To    float64 `json:"to"`   // From or more
}

// axis is that of the range's two ends.
func (r InternalRange) axis() GridAxis {
	if r.From == r.To {
		return GridAxis{Atoms: r.Atoms, From: r.From, To: r.To, Count: 1}
	}
	return GridAxis{Atoms: r.Atoms, From: r.From, To: r.To, Count: 2}
}

func (r InternalRange) check(atoms int) error {
	if r.From > r.To {
		return fmt.Errorf("from %g to %g: want the lower end first", r.From, r.To)
	}
	return r.axis().check(atoms)
}

func axesOfRanges(ranges []InternalRange) (axes []GridAxis) {
	for _, r := range ranges {
		axes = append(axes, r.axis())
	}
	return axes
}

func checkInternal(m Molecule, ranges []InternalRange) error {
	if len(ranges) == 0 {
		return fmt.Errorf("no ranges: want at least one")
	}
	for i, r := range ranges {
		if err := r.check(len(m.Atoms)); err != nil {
			return fmt.Errorf("range %d: %w", i+1, err)
		}
	}
	_, err := newGridMolecule(m, axesOfRanges(ranges))
	return err
}

// internalSampler expects ranges that have been checked.
func internalSampler(m Molecule, ranges []InternalRange) (geometrySampler, error) {
	axes := axesOfRanges(ranges)
	g, err := newGridMolecule(m, axes)
	if err != nil {
		return nil, err
	}
	return func(random *rand.Rand, _ int, positions []float64) error {
		for k, axis := range axes {
			from, to := axis.value(0), axis.value(axis.Count-1)
			g.coordinates[g.slots[k]] = from + (to-from)*random.Float64()
		}
		g.place(positions)
		return nil
	}, nil
}

// NewInternalBox returns the box that the ranges span.
func NewInternalBox(m Molecule, ranges []InternalRange) (GridBox, error) {
	if err := checkInternal(m, ranges); err != nil {
		return GridBox{}, fmt.Errorf("explosion: find ranges of geometries: %w", err)
	}
	return NewGridBox(m, axesOfRanges(ranges))
}
