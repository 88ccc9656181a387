package trainer

import (
	"errors"
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
)

// optimise steps by the gradient, and moves the running mean of the weights towards those that the step gave (Polyak &
// Juditsky 1992, SIAM J. Control Optim. 30, 838; with a decay, as in Izmailov et al. 2018, Averaging weights leads to wider
// optima and better generalization, arXiv:1803.05407). The mean of the weights w₁…w_t is Σ βᵗ⁻ⁱ wᵢ / Σ βᵗ⁻ⁱ: it is not drawn
// to the first weights however few steps there were.
func (f *fitter) optimise(s *binding.Scope) {
	steps := f.adam.Steps()
	if rate := f.schedule.At(steps); f.config.Average > 0 {
		f.adam.StepAveraging(s, rate, f.average, f.averageShare(steps+1))
	} else {
		f.adam.Step(s, rate)
	}
}

// moveAverage moves the running mean by the share of the way that part returns.
func (f *fitter) moveAverage(s *binding.Scope, part func(way binding.Tensor) binding.Tensor) {
	if f.config.Average > 0 {
		s.Copy(f.average, s.Add(f.average, part(s.Sub(f.model.Params().Flat(), f.average))))
	}
}

// averageShare is the share of the way to the weights of a step, counted from 1.
func (f *fitter) averageShare(step int64) float64 {
	beta := f.config.Average
	return (1 - beta) / (1 - math.Pow(beta, float64(step)))
}

// judged returns the weights that epochs are judged by: the average where there is one.
func (f *fitter) judged() binding.Tensor {
	if f.config.Average == 0 {
		return f.model.Params().Flat()
	}
	return f.average
}

// withWeights calls do while the model has other weights, and gives it its own back.
func (f *fitter) withWeights(weights binding.Tensor, do func() error) error {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	flat := f.model.Params().Flat()
	current := s.Clone(flat)
	s.Copy(flat, weights)
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: swap weights: %w", err)
	}
	err := do()
	s.Copy(flat, current)
	return errors.Join(err, s.Err())
}
