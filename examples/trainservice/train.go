package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

const tableName = "events.csv"

// train waits for its turn, and leaves how it ended.
func (s *service) train(ctx context.Context, t *training) {
	s.busy.Lock()
	defer s.busy.Unlock()
	s.change(func() { t.State = "running" })
	err := fit(ctx, t.Run, s.epochs, func(p trainer.Progress) {
		if p.Metrics != nil {
			s.change(func() { t.Last = p.Metrics })
		}
	})
	s.change(func() {
		switch t.State = "done"; {
		case errors.Is(err, context.Canceled):
			t.State = "cancelled"
		case err != nil:
			t.State, t.Error = "failed", err.Error()
		}
	})
}

// fit trains a cINN on the table in a run directory. A checkpoint is left there when ctx ends it.
func fit(ctx context.Context, dir string, epochs int, progress func(trainer.Progress)) error {
	events, err := table.ReadEvents(filepath.Join(dir, tableName), dataset.Layout{NeedPositions: true}, table.Options{})
	if err != nil {
		return err
	}
	split, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	if err != nil {
		return err
	}
	rows, d, c := split.Train.Len(), split.Train.Positions.Cols, split.Train.Momenta.Cols
	model, err := cinn.New(cinn.Robust(int64(d), int64(c), rows), nn.Placement{DType: binding.Float32})
	if err != nil {
		return err
	}
	defer model.Close()
	config := trainer.Robust(rows)
	config.Dir, config.Epochs, config.Progress = dir, epochs, progress
	_, err = trainer.Fit(ctx, model, split, config)
	return err
}
