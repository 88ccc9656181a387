package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// training is the data that a model is fitted to, told about already.
type training struct {
	split    *dataset.Split
	rows     int             // trained on in all, which presets go by
	source   trainer.Source  // of later epochs; nil where each has the same rows
	settings json.RawMessage // that find the test part again
	close    func() error
}

// prepare reads or simulates what to train on. Where a table is too large for that, it makes ready to read it part by part.
func (o trainOptions) prepare(ctx context.Context, s streams) (*training, error) {
	rows, err := o.rowsAtOnce(s)
	if err != nil {
		return nil, err
	}
	if rows > 0 {
		t, err := o.prepareStream(ctx, rows, s)
		if !errors.Is(err, dataset.ErrInMemory) {
			return t, err
		}
	}
	return o.prepareInMemory(ctx, s)
}

func (o trainOptions) prepareInMemory(ctx context.Context, s streams) (*training, error) {
	events, err := o.trainingData(ctx, s)
	if err != nil {
		return nil, err
	}
	data, err := o.dataOptions()
	if err != nil {
		return nil, err
	}
	if data.Added, err = o.addedEvents(events, s); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil { // what follows takes a while for millions of events
		return nil, err
	}
	t := &training{close: func() error { return nil }}
	if t.split, err = dataset.Prepare(events, data); err != nil {
		return nil, err
	}
	t.rows = t.split.Train.Len()
	describeSplit(s, t.split)
	if err := warnConditioning(s, t.split.Encoding, events); err != nil {
		return nil, err
	}
	if err := o.checkDimension(t.split); err != nil {
		return nil, err
	}
	if t.settings, err = newSource(o, events, data.Added); err != nil {
		return nil, err
	}
	fresh, err := o.fresh(events, t.split)
	if fresh != nil { // a nil pointer would be a source
		t.source = fresh
	}
	return t, err
}
