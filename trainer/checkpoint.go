package trainer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/internal/atomicfile"
)

const (
	defaultCheckpointEvery = time.Minute

	// checkpointRest is how many times as long as the last checkpoint took, on the training's thread and beside it,
	// must have passed since that began before the end of an epoch makes another: a fiftieth of the time at most.
	checkpointRest = 50
)

func (c Config) checkpointEvery() time.Duration {
	if c.CheckpointEvery == 0 {
		return defaultCheckpointEvery
	}
	return c.CheckpointEvery
}

// checkpointIfDue begins a checkpoint if it is time for one, or an epoch has ended and one costs little. It returns the
// error of the one before. Where that is still being written, an epoch's end makes none, and the timer waits.
func (f *fitter) checkpointIfDue(ctx context.Context, epochEnded bool) error {
	if f.config.Dir == "" {
		return nil
	}
	busy, err := f.saver.look()
	if err != nil {
		return err
	}
	since := time.Since(f.saved)
	timed := since >= f.config.checkpointEvery()
	if !timed && (!epochEnded || busy || since < checkpointRest*f.saver.took) {
		return nil
	}
	return f.beginCheckpoint(ctx, timed)
}

// beginCheckpoint captures all that resuming needs, and with the model also the best weights if they are others than
// those that were saved, and lets that be written beside the training.
func (f *fitter) beginCheckpoint(ctx context.Context, withModel bool) error {
	if err := f.saver.wait(); err != nil {
		return err
	}
	f.saved = time.Now()
	st, err := f.capture()
	if err != nil {
		return err
	}
	var model []byte
	if withModel && f.counters.BestEpoch != f.modelEpoch {
		if err := f.withWeights(f.best, func() error { model, err = f.encodeModel(ctx); return err }); err != nil {
			return err
		}
		f.modelEpoch = f.counters.BestEpoch
	}
	f.saver.start(time.Since(f.saved), func() error {
		if err := f.writeState(st); err != nil || model == nil {
			return err
		}
		return f.writeModel(model)
	})
	return nil
}

// checkpoint writes all that resuming needs, and returns when it is on the disk.
func (f *fitter) checkpoint() error {
	if f.config.Dir == "" {
		return nil
	}
	if err := f.beginCheckpoint(context.Background(), false); err != nil {
		return err
	}
	return f.saver.wait()
}

// writeState puts a checkpoint in the place of the newest, which becomes the one before. The epochs' figures, which a
// resumed training continues, go to the disk first.
func (f *fitter) writeState(st state) error {
	if err := f.metrics.sync(); err != nil {
		return err
	}
	data, err := st.encode()
	if err != nil {
		return fmt.Errorf("trainer: write checkpoint: %w", err)
	}
	if err := f.saver.write(data); err != nil {
		return fmt.Errorf("trainer: write checkpoint: %w", err)
	}
	return nil
}

// finish gives the model its best weights and saves it. The last checkpoint of a training that ended well lets it be
// continued with more epochs; it is written after the model, so that where a checkpoint says that training has ended,
// the model beside it is the one that it ended with, or an error has told that it is not.
func (f *fitter) finish(ctx context.Context, ended bool) error {
	var last state
	if ended && f.config.Dir != "" {
		var err error
		if last, err = f.capture(); err != nil {
			return err
		}
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	f.paceFinal()
	s.Copy(f.model.Params().Flat(), f.best)
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: restore the best weights: %w", err)
	}
	err := f.saveModel(ctx)
	if last.arrays != nil {
		err = errors.Join(err, f.writeState(last))
	}
	return err
}

// saveModel lets the model settle on the training part and writes its weights.
func (f *fitter) saveModel(ctx context.Context) error {
	ctx, cancel := withGrace(ctx)
	defer cancel()
	if f.config.Dir == "" {
		return f.settle(ctx)
	}
	data, err := f.encodeModel(ctx)
	if errors.Is(err, context.DeadlineExceeded) && errors.Is(context.Cause(ctx), errNoTimeToSettle) {
		return fmt.Errorf("trainer: save model: %w: %s is not that of epoch %d until training is resumed", errNoTimeToSettle, filepath.Join(f.config.Dir, ModelFile), f.counters.BestEpoch)
	}
	if err != nil {
		return err
	}
	return f.writeModel(data)
}

func (f *fitter) encodeModel(ctx context.Context) ([]byte, error) {
	if err := f.settle(ctx); err != nil {
		return nil, err
	}
	return f.model.Params().Encode()
}

func (f *fitter) writeModel(data []byte) error {
	err := f.saver.checkDir()
	if err == nil {
		err = atomicfile.Write(filepath.Join(f.config.Dir, ModelFile), data)
	}
	if err != nil {
		return fmt.Errorf("trainer: save model: %w", err)
	}
	return nil
}
