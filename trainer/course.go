package trainer

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
)

// Starter is a Model that derives first values from data. It is called once before the first step, with the first rows of
// the training part, startRows at most, and with momentum noise if there is any; and also when a training is resumed,
// before weights and buffers of the checkpoint take their place.
type Starter interface {
	Start(s *binding.Scope, x, y binding.Tensor) error
}

// startRows determine what few numbers a model starts with, and fit beside any training part.
const startRows = 16384

func (f *fitter) start() error {
	starter, ok := f.model.(Starter)
	if !ok {
		return nil
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	n := int64(min(f.train.rows, startRows))
	x, y := s.Narrow(f.train.x, 0, 0, n), s.Narrow(f.train.y, 0, 0, n)
	return f.withFixedNoise(y, func(s *binding.Scope, y binding.Tensor) error {
		if err := starter.Start(s, x, y); err != nil {
			return fmt.Errorf("trainer: start the model: %w", err)
		}
		return nil
	})
}

// Spreader is a Model whose layers see positions in another measure than the trainer, such as the residuals of a trend.
// It tells the standard deviation [D] of what they see, in model coordinates, and Config.Noise is in units of that. Where
// it is not ok, as in any other Model, the unit is 1.
type Spreader interface {
	Spread() (sd binding.Tensor, ok bool)
}

// Paced is a Model whose loss changes in the course of training. Before each step it is told how many epochs it was
// trained for, parts of epochs included, and +Inf wherever its loss is to be the final one: for validation, so that
// epochs are compared by the same loss, and when training ends.
type Paced interface {
	Pace(epochs float64)
}

// Steadied is a Paced model that tells after how many epochs its loss stays as it is. Config.Graph needs it of a Paced
// model, since a step that was captured keeps its loss; steps before that are not captured.
type Steadied interface {
	Paced
	SteadyAfter() float64
}

func (f *fitter) pace() {
	if paced, ok := f.model.(Paced); ok {
		paced.Pace(f.epochs())
	}
}

// epochs is how many epochs were trained, parts included.
func (f *fitter) epochs() float64 {
	return float64(f.counters.Epoch) + float64(f.counters.Step)/float64(f.train.count())
}

func (f *fitter) paceFinal() {
	if paced, ok := f.model.(Paced); ok {
		paced.Pace(math.Inf(1))
	}
}
