package dataset

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/internal/excerpt"
)

// NewPlainEvents returns a plain table: events without atoms, whose positions are
// targets [n, D] and whose momenta are conditions [n, C], columns of any names
// that differ. Targets may be the zero Matrix. The events share the matrices'
// memory.
func NewPlainEvents(targetColumns, conditionColumns []string, targets, conditions Matrix) (*Events, error) {
	e := &Events{PositionColumns: targetColumns, MomentumColumns: conditionColumns, Positions: targets, Momenta: conditions}
	if !e.HasPositions() {
		e.PositionColumns = nil
	}
	return e, e.check()
}

// Plain reports whether the events are a plain table (see NewPlainEvents). Its
// columns have no units that are known, and neither frames nor masses.
func (e *Events) Plain() bool { return len(e.Atoms) == 0 }

// Plain reports whether the encoding is of a plain table.
func (c Encoding) Plain() bool { return len(c.Atoms) == 0 }

// newPlainEncoding is newEncoding for a plain table.
func newPlainEncoding(e *Events, o Options) (Encoding, error) {
	if o.Frame != explosion.FrameAsIs || o.Axis != [2]string{} {
		return Encoding{}, fmt.Errorf("dataset: prepare events: a %q frame turns atoms, and the table has targets and conditions instead: want %q", o.Frame, explosion.FrameAsIs)
	}
	return Encoding{
		PositionColumns: slices.Clone(e.PositionColumns), MomentumColumns: slices.Clone(e.MomentumColumns),
		Frame: explosion.Frame{Kind: explosion.FrameAsIs},
	}, nil
}

// like returns the events with the atoms of others in their order, or with the
// columns of others that are a plain table.
func (e *Events) like(other *Events) (*Events, error) {
	if other.Plain() {
		return e.withColumns(other.PositionColumns, other.MomentumColumns)
	}
	return e.Reordered(other.Atoms)
}

// withColumns returns a plain table with its columns, matched by name, in another
// order. Columns that are not wanted are left out.
func (e *Events) withColumns(targets, conditions []string) (_ *Events, err error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if !e.Plain() {
		return nil, fmt.Errorf("dataset: match columns: the events are of molecules (%s): want a table with the conditions %s", strings.Join(e.Atoms, ", "), excerpt.List(conditions))
	}
	chosen := *e
	if chosen.Momenta, err = e.Momenta.selectNamed(e.MomentumColumns, conditions); err != nil {
		return nil, fmt.Errorf("dataset: match conditions: %w", err)
	}
	chosen.MomentumColumns = conditions
	if !e.HasPositions() {
		return &chosen, nil
	}
	if chosen.Positions, err = e.Positions.selectNamed(e.PositionColumns, targets); err != nil {
		return nil, fmt.Errorf("dataset: match targets: %w", err)
	}
	chosen.PositionColumns = targets
	return &chosen, nil
}

// selectNamed returns the columns with the wanted names: the matrix itself where
// these are all, in this order.
func (m Matrix) selectNamed(have, want []string) (Matrix, error) {
	if slices.Equal(have, want) {
		return m, nil
	}
	order := make([]int, len(want))
	for k, name := range want {
		if order[k] = slices.Index(have, name); order[k] < 0 {
			return Matrix{}, fmt.Errorf("the table has %s, wanted are %s", excerpt.List(have), excerpt.List(want))
		}
	}
	out := NewMatrix(m.Rows, len(want))
	for i := range m.Rows {
		for k, j := range order {
			out.Row(i)[k] = m.Row(i)[j]
		}
	}
	return out, nil
}

// checkNames refuses columns without a name, or of one.
func checkNames(columns []string) error {
	seen := map[string]bool{}
	for _, name := range columns {
		if name == "" {
			return errors.New("dataset: check events: a column has no name")
		}
		if seen[name] {
			return fmt.Errorf("dataset: check events: two columns are called %s", excerpt.Of(name))
		}
		seen[name] = true
	}
	return nil
}
