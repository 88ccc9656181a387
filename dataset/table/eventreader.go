package table

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/gocei/gocei/dataset"
)

// EventReader reads a table of events from its first row to its last.
type EventReader struct {
	reader *Reader
	like   dataset.Events // all but the rows
	blocks dataset.Events // the rows of the last block, in memory of its own
}

// OpenEvents opens a table of events, or a plain table where the layout says so. What the layout leaves open, the table's
// metadata say, and what these leave open, the names of the columns and the
// defaults of dataset.Layout. The error is an *Error for whatever is wrong in the
// table.
func OpenEvents(path string, l dataset.Layout, o Options) (*EventReader, error) {
	o.NoHeader = o.NoHeader || l.NoHeader
	r, err := Open(path, o)
	if err != nil {
		return nil, err
	}
	e := &EventReader{reader: r}
	if err := e.understand(l, o); err != nil {
		return nil, errors.Join(located(err, path), r.Close())
	}
	return e, nil
}

// understand finds out what the columns mean, and chooses them.
func (r *EventReader) understand(l dataset.Layout, o Options) error {
	meta, told, err := eventMetadata(r.Metadata())
	if err != nil {
		return err
	}
	if told && !r.reader.Named() && len(l.Atoms) == 0 {
		l.Atoms = meta.Atoms
	}
	columns := r.reader.Columns()
	if !l.Plain() {
		columns = r.coordinateColumns()
	}
	selected, err := l.Find(columns, r.reader.Named())
	if err != nil {
		return &Error{Line: r.reader.header.line, Column: 1, Reason: err.Error()}
	}
	r.like = dataset.Events{Atoms: selected.Atoms}
	r.like.PositionColumns, r.like.MomentumColumns = selected.Names(columns)
	if !l.Plain() { // what a table says of atoms and units is nothing to other columns
		r.like.PositionUnit, r.like.MomentumUnit = l.PositionUnit.OrBohr(), l.MomentumUnit.OrAtomic()
		if told {
			r.trust(meta, l)
		}
	}
	chosen := slices.Concat(selected.Positions, selected.Momenta)
	if o.Extra {
		extra := r.extraColumns(chosen)
		chosen = append(chosen, extra...)
	}
	r.like.IgnoredColumns = len(r.reader.header.columns) - len(chosen)
	return r.reader.Choose(chosen)
}

// coordinateColumns returns the columns that may be positions or momenta: all of
// them, or where they are only numbered, those without the named ones that may
// come after.
func (r *EventReader) coordinateColumns() []string {
	columns := r.reader.Columns()
	if r.reader.Named() {
		return columns
	}
	for j, name := range columns {
		if name != strconv.Itoa(j+1) {
			return columns[:j]
		}
	}
	return columns
}

// extraColumns returns the columns of numbers that are not chosen, and names
// them.
func (r *EventReader) extraColumns(chosen []int) (extra []int) {
	for _, j := range numericColumns(r.reader.header) {
		if !slices.Contains(chosen, j) {
			extra = append(extra, j)
			r.like.ExtraColumns = append(r.like.ExtraColumns, r.reader.header.columns[j])
		}
	}
	return extra
}

// trust takes from the metadata what the layout leaves open.
func (r *EventReader) trust(meta EventMetadata, l dataset.Layout) {
	if l.PositionUnit.Name == "" {
		r.like.PositionUnit = meta.PositionUnit.OrBohr()
	}
	if l.MomentumUnit.Name == "" {
		r.like.MomentumUnit = meta.MomentumUnit.OrAtomic()
	}
	r.like.Recipe = meta.Recipe
	if meta.MassesDalton == nil {
		return
	}
	masses := make([]float64, len(r.like.Atoms))
	for i, atom := range r.like.Atoms {
		at := slices.Index(meta.Atoms, atom)
		if at < 0 {
			return // the layout gives the atoms other names
		}
		masses[i] = meta.MassesDalton[at]
	}
	r.like.MassesDalton = masses
}

// Header returns events with all but rows: atoms, units, masses, names of the
// columns.
func (r *EventReader) Header() dataset.Events { return r.like }

// Metadata returns what the table says of itself.
func (r *EventReader) Metadata() Metadata { return r.reader.Metadata() }

// Rows returns the number of rows, or -1 where that is not known before all have
// been read.
func (r *EventReader) Rows() int64 { return r.reader.Rows() }

// SectionRows returns how many events a Section should have at least (see
// Reader.SectionRows).
func (r *EventReader) SectionRows() (int64, error) { return r.reader.SectionRows() }

// Section has Next give the n events from row first on, counted from 0 (see
// Reader.Section).
func (r *EventReader) Section(first, n int64) error { return r.reader.Section(first, n) }

// Next returns some of the next events, at least one; io.EOF after the last. They
// are valid until the next call.
func (r *EventReader) Next() (*dataset.Events, error) {
	rows, err := r.reader.Next()
	if err != nil {
		return nil, err
	}
	e, b := r.like, &r.blocks
	b.Positions.Data, b.Momenta.Data, b.Extra.Data = b.Positions.Data[:0], b.Momenta.Data[:0], b.Extra.Data[:0]
	r.split(b, rows)
	e.Positions, e.Momenta, e.Extra = b.Positions, b.Momenta, b.Extra
	return &e, nil
}

// split appends the columns of rows to the parts that they belong to.
func (r *EventReader) split(to *dataset.Events, rows dataset.Matrix) {
	at := 0
	for _, part := range []struct {
		matrix  *dataset.Matrix
		columns int
	}{{&to.Positions, len(r.like.PositionColumns)}, {&to.Momenta, len(r.like.MomentumColumns)}, {&to.Extra, len(r.like.ExtraColumns)}} {
		if part.columns == 0 {
			continue
		}
		for i := range rows.Rows {
			part.matrix.Data = append(part.matrix.Data, rows.Row(i)[at:at+part.columns]...)
		}
		part.matrix.Cols = part.columns
		part.matrix.Rows = len(part.matrix.Data) / part.columns
		at += part.columns
	}
}

// ReadAll returns all events that are left; none is an *Error.
func (r *EventReader) ReadAll() (*dataset.Events, error) {
	return r.ReadAllContext(context.Background())
}

// ReadAllContext is ReadAll until ctx is done.
func (r *EventReader) ReadAllContext(ctx context.Context) (*dataset.Events, error) {
	e := r.like
	if n := r.reader.Rows(); n > 0 && n < 1<<21 { // a header's claim is not worth more memory than that
		e.Positions.Data = slices.Grow(e.Positions.Data, int(n)*len(e.PositionColumns))
		e.Momenta.Data = make([]float64, 0, int(n)*len(e.MomentumColumns))
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows, err := r.reader.Next()
		switch {
		case errors.Is(err, io.EOF) && e.Len() == 0:
			return nil, r.empty()
		case errors.Is(err, io.EOF):
			return &e, nil
		case err != nil:
			return nil, err
		}
		r.split(&e, rows)
	}
}

func (r *EventReader) empty() error {
	if line := r.reader.header.line; line > 0 {
		return &Error{File: r.reader.path, Line: line + 1, Column: 1, Reason: "expected a line of numbers after the header, found the end of the file"}
	}
	return &Error{File: r.reader.path, Reason: "expected events, found a table without rows"}
}

// Close ends the reading.
func (r *EventReader) Close() error { return r.reader.Close() }

// ReadEvents returns all events of a table, as OpenEvents reads them. A table
// without events is an *Error.
func ReadEvents(path string, l dataset.Layout, o Options) (*dataset.Events, error) {
	r, err := OpenEvents(path, l, o)
	if err != nil {
		return nil, err
	}
	e, err := r.ReadAll()
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	return e, nil
}
