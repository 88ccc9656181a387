package dataset

import (
	"errors"
	"fmt"
	"slices"
)

// withAdded returns the events with the rows of others, which may have their
// atoms, or a plain table's columns, in another order and other units, after their
// own. Extra columns are left out, since the others may not have them.
func (e *Events) withAdded(more *Events) (*Events, error) {
	more, err := more.like(e)
	if err != nil {
		return nil, fmt.Errorf("dataset: add events: %w", err)
	}
	if !more.HasPositions() {
		return nil, errors.New("dataset: add events: they have momenta only, and there is nothing to learn from")
	}
	if !slices.Equal(e.MassesDalton, more.MassesDalton) {
		return nil, fmt.Errorf("dataset: add events: the atoms weigh %v Da there and %v Da in the table (none: standard atomic weights)", more.MassesDalton, e.MassesDalton)
	}
	more = more.InUnits(e.PositionUnit, e.MomentumUnit)
	all := *e
	all.Positions, all.Momenta = e.Positions.stacked(more.Positions), e.Momenta.stacked(more.Momenta)
	all.ExtraColumns, all.Extra = nil, Matrix{}
	return &all, nil
}

// stacked returns the rows of both matrices, which are of one width.
func (m Matrix) stacked(below Matrix) Matrix {
	return Matrix{Rows: m.Rows + below.Rows, Cols: m.Cols, Data: slices.Concat(m.Data, below.Data)}
}

// extended returns the partition with the next n rows in its training part.
func (p Partition) extended(n int) Partition {
	rows := len(p.Train) + len(p.Validation) + len(p.Test)
	p.Train = slices.Clone(p.Train)
	for i := range n {
		p.Train = append(p.Train, rows+i)
	}
	return p
}
