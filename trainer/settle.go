package trainer

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// Settler is a Model that derives something from the whole training part once its weights are settled. It is called
// with the best weights before they are saved. With a Source too it is given the split's training part: what it derives
// then depends on the weights alone, and not on the epoch in which they happen to be saved.
type Settler interface {
	Settle(s *binding.Scope, x, y binding.Tensor) error
}

// settle lets the model settle on the split's training part.
func (f *fitter) settle() error {
	settler, ok := f.model.(Settler)
	if !ok {
		return nil
	}
	return f.withSplit(func() error {
		return f.withFixedNoise(f.train.y, func(s *binding.Scope, y binding.Tensor) error {
			if err := settler.Settle(s, f.train.x, y); err != nil {
				return fmt.Errorf("trainer: settle the model: %w", err)
			}
			return nil
		})
	})
}

// withSplit calls do while the device holds the split's training part. That and the epoch's part change places, rather
// than lie there both, so that a training that fits on the device can also be saved.
func (f *fitter) withSplit(do func() error) error {
	if f.resident == nil {
		return do()
	}
	if err := f.train.fill(f.splitTrain); err != nil {
		return err
	}
	return errors.Join(do(), f.train.fill(*f.resident))
}
