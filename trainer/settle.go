package trainer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gocei/gocei/binding"
)

// Settler is a Model that derives something from the whole training part once its weights are settled. It is called
// with the best weights before they are saved. With a Source too it is given the split's training part: what it derives
// then depends on the weights alone, and not on the epoch in which they happen to be saved. It returns ctx's error soon
// after that is done, and leaves the model as it was then.
type Settler interface {
	Settle(ctx context.Context, s *binding.Scope, x, y binding.Tensor) error
}

// graceToSettle is how long a training that was interrupted may still look at the training part, so that it ends before
// whoever interrupted it loses patience. Its checkpoint is on the disk before.
const graceToSettle = 2 * time.Second

var errNoTimeToSettle = errors.New("no time was left to settle the model")

// withGrace returns a context in which an interrupted training may settle its model.
func withGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(context.WithoutCancel(ctx), graceToSettle, errNoTimeToSettle)
}

// settle lets the model settle on the split's training part.
func (f *fitter) settle(ctx context.Context) error {
	settler, ok := f.model.(Settler)
	if !ok {
		return nil
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	train, err := f.settled(s)
	if err != nil {
		return err
	}
	return f.withFixedNoise(train.y, func(s *binding.Scope, y binding.Tensor) error {
		if err := settler.Settle(ctx, s, train.x, y); err != nil {
			return fmt.Errorf("trainer: settle the model: %w", err)
		}
		return nil
	})
}

// settled returns the split's training part. With a source the device holds an epoch's rows in its place, and for the
// moment both.
func (f *fitter) settled(s *binding.Scope) (batches, error) {
	if f.config.Source == nil {
		return f.train, nil
	}
	p := f.model.Params()
	return newBatches(s, f.splitTrain, p.DType(), p.Device(), f.config.Batch)
}
