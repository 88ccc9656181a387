package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/trainer"
)

// streamedTable is a table that a run was trained on part by part, as the run remembers it.
type streamedTable struct {
	RowsInMemory int              `json:"rows_in_memory"`
	Rows         int              `json:"rows"` // selected ones
	Fingerprint  string           `json:"fingerprint"`
	Test         dataset.Sections `json:"test"` // where the test part is
}

// checkRowsInMemory refuses what does not go with a table that is read part by part.
func (o trainOptions) checkRowsInMemory() error {
	switch {
	case o.RowsInMemory == nil:
		return nil
	case o.Data == "":
		return usagef("--rows-in-memory is of a table that may be larger than memory: --data is needed; of a simulation, --online makes one of any size")
	case o.Add != "":
		return usagef("--add does not go with --rows-in-memory: its events would be trained on in the first part alone; put them into the table of --data")
	}
	return atLeast("rows-in-memory", o.RowsInMemory, 1)
}

// prepareStream makes ready to read the table part by part. The error is dataset.ErrInMemory where it has no more rows
// than are to be in memory.
func (o trainOptions) prepareStream(ctx context.Context, rows int, s streams) (_ *training, err error) {
	remembered := streamedTable{RowsInMemory: rows}
	if remembered.Fingerprint, err = fingerprint(o.Data); err != nil {
		return nil, err
	}
	if err := o.sameTable(remembered); err != nil {
		return nil, err
	}
	events, err := o.open(o.Data, true)
	if err != nil {
		return nil, err
	}
	t := &training{close: events.Close}
	if err := o.fillStream(ctx, t, remembered, events, s); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

func (o trainOptions) fillStream(ctx context.Context, t *training, remembered streamedTable, events *table.EventReader, s streams) error {
	data, err := o.dataOptions()
	if err != nil {
		return err
	}
	stream, err := dataset.OpenStream(ctx, events, dataset.StreamOptions{Options: data, Selection: o.selection(nil), RowsInMemory: remembered.RowsInMemory})
	if err != nil {
		return err
	}
	if err := printSelection(s.err, stream.Selected()); err != nil {
		return err
	}
	sample, err := stream.Sample(ctx)
	if err != nil {
		return err
	}
	if t.split, err = stream.Prepare(ctx); err != nil {
		return err
	}
	describeSplit(s, t.split)
	describeStream(s, o.Data, stream, t.split)
	if err := warnConditioning(s, t.split.Encoding, sample); err != nil {
		return err
	}
	if err := o.checkDimension(t.split); err != nil {
		return err
	}
	t.source, t.rows = stream, stream.TrainRows()
	remembered.Rows, remembered.Test = stream.Rows(), stream.Test()
	t.settings, err = newStreamedSource(o, events.Header(), remembered)
	return err
}

// describeStream tells what an epoch is.
func describeStream(s streams, path string, stream *dataset.Stream, d *dataset.Split) {
	s.note("an epoch trains on %d of them, read from %s meanwhile: a pass over all takes %.4g epochs",
		d.Train.Len(), path, float64(stream.TrainRows())/float64(d.Train.Len()))
	if !stream.Shuffled() {
		s.note("rows of %s can only be read in their order, so that an epoch trains on neighbouring ones; of a .parquet file (cei convert), each mixes rows from all of it", path)
	}
}

// sameTable refuses to resume on a table that is not the one which the run was begun on.
func (o trainOptions) sameTable(now streamedTable) error {
	before, err := o.streamedBefore()
	switch {
	case err != nil || before == nil:
		return err
	case before.Fingerprint != now.Fingerprint:
		return fmt.Errorf("%s has changed since the run in %s was begun on it: put it back, or train another run", o.Data, o.Out)
	case before.RowsInMemory != now.RowsInMemory:
		return fmt.Errorf("the run in %s was begun with --rows-in-memory %d, and %d were asked for: its epochs would have other rows", o.Out, before.RowsInMemory, now.RowsInMemory)
	}
	return nil
}

// streamedBefore returns what the run to resume was trained on part by part; nil where there is none.
func (o trainOptions) streamedBefore() (*streamedTable, error) {
	if !o.Resume {
		return nil, nil
	}
	run, err := trainer.ReadRunConfig(o.Out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	from, _ := sourceOf(run)
	return from.Streamed, err
}

// newStreamedSource is newSource for a table that is not read as a whole.
func newStreamedSource(o trainOptions, header dataset.Events, remembered streamedTable) (json.RawMessage, error) {
	from := source{Options: o, Recipe: header.Recipe, Streamed: &remembered}
	var err error
	if from.Options.Data, err = filepath.Abs(o.Data); err != nil {
		return nil, fmt.Errorf("find %s: %w", o.Data, err)
	}
	return from.json()
}

// testRows reads the test part alone.
func (from source) testRows(ctx context.Context) (*dataset.Events, error) {
	path := from.Options.Data
	now, err := fingerprint(path)
	if err != nil {
		return nil, notThere(err)
	}
	if now != from.Streamed.Fingerprint {
		return nil, notTheSame(path)
	}
	r, err := from.Options.open(path, true)
	if err != nil {
		return nil, err
	}
	events, err := from.Streamed.Test.Read(ctx, r, from.Options.selection(nil))
	return events, errors.Join(err, r.Close())
}
