package trainer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gocei/gocei/binding"
)

// trainEpoch does the steps that are left of the epoch under way. It returns ctx's error, or another process's
// interruption, between steps.
func (f *fitter) trainEpoch(ctx context.Context) error {
	f.epochStart, f.epochRows = time.Now(), 0
	if err := f.agree(ctx, f.refill(ctx)); err != nil {
		return err
	}
	if err := f.alignProcesses(); err != nil {
		return err
	}
	s := f.steps
	f.shuffled.forget()
	if f.counters.Step == 0 {
		s.Copy(f.order, s.RandPerm(int64(f.train.rows)))
		s.Zero(f.tally.sums)
	}
	if err := f.graph.startEpoch(s); err != nil {
		return err
	}
	for f.counters.Step < f.train.count() {
		if err := f.stopped(ctx); err != nil && f.counters.Step > 0 { // at 0, resuming would draw another permutation
			return err
		}
		if err := f.trainStep(ctx, s); err != nil {
			return fmt.Errorf("trainer: epoch %d, step %d: %w", f.counters.Epoch+1, f.counters.Step+1, err)
		}
		if err := f.checkpointIfDue(ctx, false); err != nil {
			return err
		}
	}
	return nil
}

// refill puts the part of the epoch under way on the device, if there is a source. Where that fails, what was trained is
// kept in a checkpoint, to be continued when the source is mended.
func (f *fitter) refill(ctx context.Context) error {
	if f.config.Source == nil {
		return nil
	}
	epoch := f.counters.Epoch + 1
	if f.coming == nil {
		f.coming = newPrefetcher(ctx, f.config.Source, max(epoch, 2), f.config.Epochs, f.shape)
	}
	if epoch == 1 {
		return nil // the device holds the split's training part
	}
	part, err := f.coming.next(ctx, epoch)
	switch {
	case err == nil && f.config.Group != nil:
		f.dataHash = rowsHash(part)
		return f.train.fill(part)
	case err == nil:
		return f.train.fill(part)
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return err
	}
	return errors.Join(err, f.checkpoint())
}

// trainStep does one step and frees what it made.
func (f *fitter) trainStep(ctx context.Context, s *binding.Scope) error {
	i := f.counters.Step
	f.pace()
	step := f.plainStep
	if f.graph.takes(i) {
		step = f.graph.step
	}
	if err := step(ctx, s, i); err != nil {
		return err
	}
	f.counters.Step++
	f.epochRows += f.train.length(i)
	f.report(f.train.length(i), nil)
	return s.Reset()
}

// plainStep does step i of the epoch operation by operation.
func (f *fitter) plainStep(ctx context.Context, s *binding.Scope, i int) error {
	means, err := f.gradient(ctx, s, i)
	if err != nil {
		return err
	}
	f.optimise(s)
	f.tally.add(s, means, f.train.length(i))
	return s.Err()
}

// blur adds the noise that keeps a density of few rows from collapsing onto them (Rothfuss et al. 2019, Noise
// regularization for conditional density estimation, arXiv:1907.08982). It falls with the learning rate, so that what
// the noise would hide in a sharp posterior is learned in the end.
func (f *fitter) blur(s *binding.Scope, x binding.Tensor) binding.Tensor {
	return f.addNoise(s, x, func(unit binding.Tensor) binding.Tensor { return s.Scale(unit, f.noise(f.adam.Steps())) })
}

// noise is the noise's standard deviation after that many steps.
func (f *fitter) noise(steps int64) float64 {
	return f.config.Noise * f.schedule.At(steps) / f.schedule.Rate
}

// addNoise adds normal noise of unit variance that scaled has scaled.
func (f *fitter) addNoise(s *binding.Scope, x binding.Tensor, scaled func(unit binding.Tensor) binding.Tensor) binding.Tensor {
	if f.config.Noise == 0 {
		return x
	}
	shape, err := s.Shape(x)
	if err != nil {
		return binding.Tensor{}
	}
	noise := scaled(s.Normal(f.model.Params().DType(), shape...))
	if spreader, ok := f.model.(Spreader); ok {
		if spread, ok := spreader.Spread(); ok {
			noise = s.Mul(noise, spread)
		}
	}
	return s.Add(x, noise)
}

// validate returns the mean loss over the validation part, of the averaged weights where there are such.
func (f *fitter) validate(ctx context.Context) (loss float64, err error) {
	f.paceFinal()
	if f.config.Average == 0 {
		return f.validateOwn(ctx)
	}
	err = f.withWeights(f.average, func() error {
		loss, err = f.validateOwn(ctx)
		return err
	})
	return loss, err
}

// validateOwn judges the weights that the model has. Its random numbers are the same each time, so that epochs are
// compared by their weights alone. It returns ctx's error between batches.
func (f *fitter) validateOwn(ctx context.Context) (float64, error) {
	if err := f.judge.Seed(f.config.Seed<<16 ^ validateStream); err != nil {
		return 0, fmt.Errorf("trainer: validate: %w", err)
	}
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(f.judge))
	defer s.Close()
	sum := 0.0
	for i := range f.validation.count() {
		if err := ctx.Err(); err != nil && f.config.Group == nil { // a group agrees on it before the next epoch
			return 0, err
		}
		loss, err := f.validateBatch(s, i)
		if err != nil {
			return 0, fmt.Errorf("trainer: validate after epoch %d: %w", f.counters.Epoch+1, err)
		}
		sum += loss * float64(f.validation.length(i))
	}
	sum, err := f.overProcesses(s, sum)
	if err != nil {
		return 0, fmt.Errorf("trainer: validate after epoch %d: %w", f.counters.Epoch+1, err)
	}
	return sum / float64(f.validation.rows), nil
}

// validateBatch returns this process's part of a batch's mean loss.
func (f *fitter) validateBatch(s *binding.Scope, i int) (mean float64, err error) {
	err = f.inPieces(s, f.validation.length(i), &f.validatedAtOnce, func(p piece) error {
		x, y := f.validation.slice(s, i*f.validation.size+p.first, p.count)
		loss, err := s.Item(f.model.Loss(s, x, y).Total)
		if err != nil {
			return err
		}
		if p.index == 0 {
			mean = 0
		}
		mean += loss * p.weight
		return s.Reset()
	})
	return mean, err
}

// measure validates and returns the figures of the epoch whose steps are all done.
func (f *fitter) measure(ctx context.Context) (Metrics, error) {
	rate := f.schedule.At(max(f.adam.Steps()-1, 0))
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	loss, terms, err := f.tally.means(s, f.train.rows)
	if err != nil {
		return Metrics{}, fmt.Errorf("trainer: epoch %d: %w", f.counters.Epoch+1, err)
	}
	validation, err := f.validate(ctx)
	if err != nil {
		return Metrics{}, err
	}
	seconds := time.Since(f.epochStart).Seconds()
	return Metrics{
		Epoch: f.counters.Epoch + 1, TrainLoss: loss, ValidationLoss: validation, Terms: terms, LearningRate: rate,
		Seconds: seconds, EventsPerS: float64(f.epochRows) / max(seconds, 1e-9),
	}, nil
}

func (f *fitter) report(rows int, m *Metrics) {
	if f.config.Progress == nil {
		return
	}
	epoch := f.counters.Epoch
	if m == nil {
		epoch++ // under way
	}
	f.config.Progress(Progress{
		Epoch: epoch, Epochs: f.config.Epochs, Step: f.counters.Step, Steps: f.train.count(), Rows: rows,
		Metrics: m, BestEpoch: f.counters.BestEpoch, BestLoss: f.counters.BestLoss,
	})
}
