package modelbench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
	"github.com/gocei/gocei/dataset"
)

// validationBatch is how many rows trainer.Fit validates at once, or a batch if that is larger.
const validationBatch = 4096

// bareEpoch is the steps of an epoch and its validation by themselves: rows in their own order, no figures kept, nothing
// written.
type bareEpoch struct {
	Case
	model      model
	adam       *optim.Adam
	generator  *binding.Generator
	data       *binding.Scope
	train      table
	validation table
}

// table is rows on the device.
type table struct {
	x, y binding.Tensor
	rows int64
}

func (b *bench) newBareEpoch(c Case, d *dataset.Split) (e *bareEpoch, err error) {
	e = &bareEpoch{Case: c, data: binding.NewScope(binding.NoGrad())}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("modelbench: prepare %s: %w", c, err), e.close())
		}
	}()
	on := b.options.Device
	if e.generator, err = binding.NewGenerator(on, checkSeed); err != nil {
		return e, err
	}
	if e.model, err = b.newModelFor(c, d); err != nil {
		return e, err
	}
	if e.adam, err = optim.NewAdam(e.model.Params(), c.training().Adam); err != nil {
		return e, err
	}
	e.train, e.validation = uploadPart(e.data, d.Train, on), uploadPart(e.data, d.Validation, on)
	return e, e.data.Err()
}

func uploadPart(s *binding.Scope, p dataset.Part, on binding.Device) table {
	return table{uploadMatrix(s, p.Positions, on), uploadMatrix(s, p.Momenta, on), int64(p.Len())}
}

// measure does n epochs and returns the milliseconds of the steps and of the validation of one, in the mean.
func (e *bareEpoch) measure(ctx context.Context, n int) (steps, validation float64, err error) {
	for range n {
		begin := time.Now()
		if err := e.trainAll(ctx); err != nil {
			return 0, 0, fmt.Errorf("modelbench: %s: %w", e.Case, err)
		}
		steps += sinceMS(begin) / float64(n)
		begin = time.Now()
		if err := e.validateAll(); err != nil {
			return 0, 0, fmt.Errorf("modelbench: %s: %w", e.Case, err)
		}
		validation += sinceMS(begin) / float64(n)
	}
	return steps, validation, nil
}

func (e *bareEpoch) trainAll(ctx context.Context) error {
	s := binding.NewScope(binding.WithGenerator(e.generator))
	defer s.Close()
	err := e.train.each(s, int64(e.Batch), func(x, y binding.Tensor) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return step(s, e.model, e.adam, e.training().LearningRate, x, y)
	})
	return errors.Join(err, e.model.Params().Device().Synchronize())
}

func (e *bareEpoch) validateAll() error {
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(e.generator))
	defer s.Close()
	return e.validation.each(s, max(int64(e.Batch), validationBatch), func(x, y binding.Tensor) error {
		_, err := s.Item(e.model.Loss(s, x, y).Total)
		return err
	})
}

// each calls do with batch after batch, and empties the scope after each.
func (t table) each(s *binding.Scope, batch int64, do func(x, y binding.Tensor) error) error {
	for first := int64(0); first < t.rows; first += batch {
		n := min(batch, t.rows-first)
		err := do(s.Narrow(t.x, 0, first, n), s.Narrow(t.y, 0, first, n))
		if err = errors.Join(err, s.Reset()); err != nil {
			return err
		}
	}
	return nil
}

func (e *bareEpoch) close() (err error) {
	if e.adam != nil {
		err = e.adam.Close()
	}
	if e.model != nil {
		err = errors.Join(err, e.model.Close())
	}
	return errors.Join(err, e.data.Close(), e.generator.Close())
}
