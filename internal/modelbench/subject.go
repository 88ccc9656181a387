package modelbench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
)

// subject is our side of a case: a model on the device with a batch, ready to be measured.
type subject struct {
	Case
	model     model
	adam      *optim.Adam
	rate      float64
	generator *binding.Generator
	data      *binding.Scope // owns x and y
	work      *binding.Scope // is emptied after each work
	x, y      binding.Tensor
}

// trendRows is how many rows the trend of a robust model is fitted to.
const trendRows = 4096

func newSubject(c Case, on binding.Device) (s *subject, err error) {
	s = &subject{Case: c, rate: c.training().LearningRate, data: binding.NewScope(binding.NoGrad())}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("modelbench: prepare %s: %w", c, err), s.close())
		}
	}()
	if s.generator, err = binding.NewGenerator(on, checkSeed); err != nil {
		return s, err
	}
	if s.model, err = newModel(c, dim, conditions, on); err != nil {
		return s, err
	}
	if s.adam, err = optim.NewAdam(s.model.Params(), c.training().Adam); err != nil {
		return s, err
	}
	table := makeRows(max(c.Batch, trendRows))
	if err := s.start(table, on); err != nil {
		return s, err
	}
	s.x, s.y = table.upload(s.data, s.conditions(), on)
	s.work = binding.NewScope(append(s.recording(), binding.WithGenerator(s.generator))...)
	return s, s.data.Err()
}

// start fits the model's trend, if it has one.
func (s *subject) start(table rows, on binding.Device) error {
	scope := binding.NewScope(binding.NoGrad())
	defer scope.Close()
	x, y := table.upload(scope, trendRows, on)
	return s.model.Start(scope, x, y)
}

// conditions returns how many rows of momenta the case has.
func (s *subject) conditions() int {
	if s.Work == DrawOneCondition {
		return 1
	}
	return s.Batch
}

// recording returns how the work's scope treats gradients: only a step needs them.
func (s *subject) recording() []binding.Option {
	if s.Work.isStep() {
		return nil
	}
	return []binding.Option{binding.NoGrad()}
}

// once does the work and frees what it made. Where a device works on its own, it may not be done yet.
func (s *subject) once() error {
	switch s.Work {
	case DrawOneCondition:
		drawOne(s.work, s.model, s.y, int64(s.Batch))
	case DrawManyConditions:
		drawMany(s.work, s.model, s.y)
	case LogDensity:
		density(s.work, s.model, s.x, s.y)
	default:
		_ = step(s.work, s.model, s.adam, s.rate, s.x, s.y) // the scope carries the error
	}
	return errors.Join(s.work.Err(), s.work.Reset())
}

// measure returns the milliseconds of each sample, the mean of a burst of works. One more goes before, to warm up.
func (s *subject) measure(ctx context.Context, samples, burst int) (milliseconds []float64, err error) {
	device := s.model.Params().Device()
	for range samples + 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		begin := time.Now()
		for range burst {
			if err := s.once(); err != nil {
				return nil, fmt.Errorf("modelbench: %s: %w", s.Case, err)
			}
		}
		if err := device.Synchronize(); err != nil {
			return nil, err
		}
		milliseconds = append(milliseconds, sinceMS(begin)/float64(burst))
	}
	return milliseconds[1:], nil
}

func sinceMS(begin time.Time) float64 { return time.Since(begin).Seconds() * 1e3 }

func (s *subject) close() (err error) {
	for _, scope := range []*binding.Scope{s.work, s.data} {
		if scope != nil {
			err = errors.Join(err, scope.Close())
		}
	}
	if s.adam != nil {
		err = errors.Join(err, s.adam.Close())
	}
	if s.model != nil {
		err = errors.Join(err, s.model.Close())
	}
	return errors.Join(err, s.generator.Close())
}
