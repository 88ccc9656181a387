package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// Table gives the events in any rows of a table that may be larger than memory. A
// table.EventReader is one.
type Table interface {
	// Header returns all but the rows.
	Header() Events
	// Rows returns the number of rows, -1 where that is not known before all were
	// read.
	Rows() int64
	// SectionRows returns how many rows should be read together at least; 0 where
	// rows are only to be had in their order.
	SectionRows() (int64, error)
	// Section has Next give the n rows from row first on, counted from 0, and io.EOF
	// after them.
	Section(first, n int64) error
	// Next returns some of the next events, which are valid until the next call.
	Next() (*Events, error)
}

// Sections are rows of a table that lie together: section i is Rows rows from row
// i·Rows on, or those that are left at the table's end.
type Sections struct {
	Rows    int   `json:"rows"`
	Indices []int `json:"indices"` // in the order in which they are read, best an ascending one
}

// Read returns the selected events of the sections. Memory does not grow with the
// rest of the table.
func (s Sections) Read(ctx context.Context, t Table, selection Selection) (*Events, error) {
	r := sectionReader{table: t, size: s.Rows, selection: selection, total: t.Rows()}
	all := r.batch()
	for _, section := range s.Indices {
		if err := r.add(ctx, all, piece{section: section, to: -1}); err != nil {
			return nil, err
		}
	}
	if all.events.Len() == 0 {
		return nil, errors.New("dataset: read sections: none of their rows are left")
	}
	return &all.events, nil
}

// ReadSelected returns the selected events of a table. Memory does not grow with the
// others.
func ReadSelected(ctx context.Context, t Table, selection Selection) (*Events, SelectionReport, error) {
	r := sectionReader{table: t, selection: selection, total: t.Rows()}
	all, report := r.batch(), SelectionReport{}
	for at := 0; ; {
		if err := ctx.Err(); err != nil {
			return nil, report, err
		}
		e, err := t.Next()
		if errors.Is(err, io.EOF) {
			return &all.events, report, nil
		}
		if err != nil {
			return nil, report, err
		}
		selected, err := selection.Apply(e)
		if err != nil {
			return nil, report, err
		}
		report = report.Plus(selected.Report)
		all.append(selected.Events, selected.Rows, 0, selected.Events.Len(), at)
		at += e.Len()
	}
}

// sectionReader reads selected events of sections.
type sectionReader struct {
	table     Table
	size      int // rows of a section
	selection Selection
	total     int64 // rows of the table; below 0 where that is not known
}

// piece is some of the rows of a section that the selection keeps: from one up to
// another, or to the last where to is negative.
type piece struct{ section, from, to int }

// batch is events and their rows in the table.
type batch struct {
	events Events
	rows   []int
}

func (r *sectionReader) batch() *batch {
	b := &batch{events: r.table.Header()}
	b.events.ExtraColumns = nil // nothing is made of them
	b.events.Momenta.Cols = len(b.events.MomentumColumns)
	return b
}

func (b *batch) reset() {
	b.events.Positions.Rows, b.events.Positions.Data = 0, b.events.Positions.Data[:0]
	b.events.Momenta.Rows, b.events.Momenta.Data = 0, b.events.Momenta.Data[:0]
	b.rows = b.rows[:0]
}

// add reads a piece to the end of a batch.
func (r *sectionReader) add(ctx context.Context, to *batch, p piece) error {
	first := int64(p.section) * int64(r.size)
	n := int64(r.size)
	if r.total >= 0 {
		n = min(n, r.total-first)
	}
	if err := r.table.Section(first, n); err != nil {
		return err
	}
	if p.to < 0 {
		p.to = math.MaxInt
	}
	kept := 0 // rows of the section so far
	for at := int(first); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := r.table.Next()
		if errors.Is(err, io.EOF) {
			return r.checkRead(p, int64(at)-first, n, kept)
		}
		if err != nil {
			return err
		}
		chosen, rows, err := r.selected(e)
		if err != nil {
			return err
		}
		n := chosen.Len()
		first, end := min(max(p.from-kept, 0), n), min(p.to-kept, n)
		to.append(chosen, rows, first, max(first, end), at)
		kept, at = kept+n, at+e.Len()
	}
}

// selected returns the events that are kept, and their rows; nil where these are all.
func (r *sectionReader) selected(e *Events) (*Events, []int, error) {
	if r.selection == (Selection{}) {
		return e, nil, nil
	}
	s, err := r.selection.Apply(e)
	return s.Events, s.Rows, err
}

func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// checkRead finds a table that has fewer rows than it had.
func (r *sectionReader) checkRead(p piece, read, want int64, kept int) error {
	if r.total >= 0 && read < want || p.to < math.MaxInt && kept < p.to {
		return fmt.Errorf("dataset: read section: of the %d rows from row %d on there are %d, of which %d are selected: the table has changed since it was opened",
			want, int64(p.section)*int64(r.size)+1, read, kept)
	}
	return nil
}

// append adds events from one up to another. They are those at the given rows, all
// of them where rows is nil, of a stretch of the table.
func (b *batch) append(e *Events, rows []int, from, to, stretch int) {
	if e.HasPositions() {
		b.events.Positions = b.events.Positions.with(e.Positions, from, to)
	}
	b.events.Momenta = b.events.Momenta.with(e.Momenta, from, to)
	for i := from; i < to; i++ {
		row := i
		if rows != nil {
			row = rows[i]
		}
		b.rows = append(b.rows, stretch+row)
	}
}

// with returns the matrix with rows of another after its own.
func (m Matrix) with(other Matrix, from, to int) Matrix {
	m.Data = append(m.Data, other.Data[from*other.Cols:to*other.Cols]...)
	m.Rows, m.Cols = m.Rows+to-from, other.Cols
	return m
}
