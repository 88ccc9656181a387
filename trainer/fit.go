package trainer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// ErrDiverged is in the error of a training whose loss became NaN or infinite.
var ErrDiverged = errors.New("the loss is not finite")

// Fit trains the model on the split's training part, judges each epoch on the validation part, and leaves the model
// with the best epoch's weights. The test part is not looked at. With a Source, epochs after the first train on its rows.
//
// When ctx is done, Fit stops after the step under way, writes a checkpoint, and returns ctx's error. A loss that
// is not finite ends it with ErrDiverged and the number of the epoch. A source's error ends it when its epoch is to
// begin, with a checkpoint, from which it continues once the source is mended. With a Group, another process's interruption
// ends it with ErrInterrupted, and the loss of one with binding.ErrPeer. In all cases the result tells how far it
// came and the model has the best weights so far.
func Fit(ctx context.Context, m Model, d *dataset.Split, c Config) (*Result, error) {
	return fit(ctx, m, d, c, (*fitter).claimDir)
}

// fit is Fit, with what is to be done before the first file of the run directory is written.
func fit(ctx context.Context, m Model, d *dataset.Split, c Config, claim func(*fitter) error) (result *Result, err error) {
	runtime.LockOSThread() // OpenMP keeps a team of threads for each thread that it is called from
	defer runtime.UnlockOSThread()
	if c.follows() {
		c.Dir, c.Resume = "", false // process 0 keeps what is trained
	}
	f, err := newFitter(m, d, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if c.Dir != "" {
		release, err := lockDir(c.Dir)
		if err != nil {
			return nil, err
		}
		defer release()
		f.saver = &saver{dir: c.Dir}
	}
	if err := f.begin(claim); err != nil {
		return nil, err
	}
	err = f.loop(ctx)
	if e := f.saver.wait(); e != nil {
		err = errors.Join(err, e)
	}
	switch {
	case errors.Is(err, binding.ErrPeer):
		err = errors.Join(err, f.checkpoint())
	case isOf(ctx, err) || errors.Is(err, ErrInterrupted):
		err = errors.Join(fmt.Errorf("trainer: interrupted in epoch %d of %d: %w", f.counters.Epoch+1, c.Epochs, err), f.checkpoint())
	}
	return f.result(), errors.Join(err, f.finish(ctx, err == nil))
}

// loop trains epoch by epoch until one of the ends.
func (f *fitter) loop(ctx context.Context) error {
	for !f.ended() {
		if err := f.trainEpoch(ctx); err != nil {
			return err
		}
		m, err := f.measure(ctx)
		if err != nil {
			return err
		}
		if !finite(m.TrainLoss) || !finite(m.ValidationLoss) {
			return fmt.Errorf("trainer: epoch %d: training loss %g, validation loss %g: %w; the weights kept are those of epoch %d",
				m.Epoch, m.TrainLoss, m.ValidationLoss, ErrDiverged, f.counters.BestEpoch)
		}
		if err := f.endEpoch(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// ended reports whether there is nothing left to train.
func (f *fitter) ended() bool { return f.counters.Stopped || f.counters.Epoch >= f.config.Epochs }

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// endEpoch keeps the epoch's weights if they are the best, and writes its figures down.
func (f *fitter) endEpoch(ctx context.Context, m Metrics) error {
	f.counters.Epoch, f.counters.Step = m.Epoch, 0
	if m.ValidationLoss < f.counters.BestLoss {
		f.counters.BestEpoch, f.counters.BestLoss = m.Epoch, m.ValidationLoss
		s := binding.NewScope(binding.NoGrad())
		defer s.Close()
		s.Copy(f.best, f.judged())
		if err := s.Err(); err != nil {
			return fmt.Errorf("trainer: keep the weights of epoch %d: %w", m.Epoch, err)
		}
	}
	f.counters.Stopped = f.config.Patience > 0 && m.Epoch-f.counters.BestEpoch >= f.config.Patience
	if err := f.metrics.append(m); err != nil {
		return err
	}
	f.report(0, &m)
	return f.checkpointIfDue(ctx, true)
}

func (f *fitter) result() *Result {
	return &Result{
		Epochs: f.counters.Epoch, BestEpoch: f.counters.BestEpoch, BestLoss: f.counters.BestLoss,
		StoppedEarly: f.counters.Stopped, Steps: f.adam.Steps(),
		EventsSeen: int64(f.counters.Epoch)*int64(f.train.rows) + int64(min(f.counters.Step*f.train.size, f.train.rows)),
	}
}
