package table

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gocei/gocei/dataset"
)

// EventWriter writes a table of events from its first row to its last. Nothing is
// to be seen of it before Commit.
type EventWriter struct {
	writer *Writer
	like   dataset.Events
}

// CreateEvents starts a table of events that are like the given ones: their
// columns, units, masses and recipe, not their rows. The units and all else that
// the columns do not say go into the metadata, beside others.
func CreateEvents(path string, like *dataset.Events, others Metadata) (*EventWriter, error) {
	m, err := metadataOf(like, others)
	if err != nil {
		return nil, err
	}
	w, err := Create(path, slices.Concat(like.PositionColumns, like.MomentumColumns, like.ExtraColumns), m)
	if err != nil {
		return nil, err
	}
	return &EventWriter{writer: w, like: *like}, nil
}

// WriteRow writes one event: positions [3N] where the table has them, momenta
// [3N] and extra numbers.
func (w *EventWriter) WriteRow(positions, momenta, extra []float64) error {
	return w.writer.WriteRow(positions, momenta, extra)
}

// Write writes events that have the table's columns and units.
func (w *EventWriter) Write(e *dataset.Events) error {
	if !slices.Equal(e.PositionColumns, w.like.PositionColumns) || !slices.Equal(e.MomentumColumns, w.like.MomentumColumns) ||
		!slices.Equal(e.ExtraColumns, w.like.ExtraColumns) ||
		e.PositionUnit.OrBohr() != w.like.PositionUnit.OrBohr() || e.MomentumUnit.OrAtomic() != w.like.MomentumUnit.OrAtomic() {
		return fmt.Errorf("table: write %s: the events have other columns or units than the table", w.writer.path)
	}
	for i := range e.Len() {
		var positions, extra []float64
		if len(e.PositionColumns) > 0 {
			positions = e.Positions.Row(i)
		}
		if len(e.ExtraColumns) > 0 {
			extra = e.Extra.Row(i)
		}
		if err := w.writer.WriteRow(positions, e.Momenta.Row(i), extra); err != nil {
			return err
		}
	}
	return nil
}

// Commit writes what is left and puts the table under its name.
func (w *EventWriter) Commit() error { return w.writer.Commit() }

// Close frees what the writer holds, and discards a table that has not been
// committed.
func (w *EventWriter) Close() error { return w.writer.Close() }

// WriteEvents writes a whole table of events.
func WriteEvents(path string, e *dataset.Events, others Metadata) (err error) {
	w, err := CreateEvents(path, e, others)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if err := w.Write(e); err != nil {
		return err
	}
	return w.Commit()
}
