package trainer

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
)

// Starter is a Model that derives first values from data. It is called once before the first step, with the first batch
// of the training part, and also when a training is resumed, before the weights of the checkpoint take their place.
type Starter interface {
	Start(s *binding.Scope, x, y binding.Tensor) error
}

// start lets the model look at the first rows, as many as a step has.
func (f *fitter) start() error {
	starter, ok := f.model.(Starter)
	if !ok {
		return nil
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	x, y := f.train.slice(s, 0)
	if err := starter.Start(s, x, y); err != nil {
		return fmt.Errorf("trainer: start the model: %w", err)
	}
	return nil
}

// Paced is a Model whose loss changes in the course of training. Before each step it is told how many epochs it was
// trained for, parts of epochs included, and +Inf wherever its loss is to be the final one: for validation, so that
// epochs are compared by the same loss, and when training ends.
type Paced interface {
	Pace(epochs float64)
}

func (f *fitter) pace() {
	if paced, ok := f.model.(Paced); ok {
		paced.Pace(float64(f.counters.Epoch) + float64(f.counters.Step)/float64(f.train.count()))
	}
}

func (f *fitter) paceFinal() {
	if paced, ok := f.model.(Paced); ok {
		paced.Pace(math.Inf(1))
	}
}
