package optim

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// AdamConfig are Adam's settings besides the learning rate, which a Schedule gives.
type AdamConfig struct {
	Beta1       float64 `json:"beta1"`
	Beta2       float64 `json:"beta2"`
	Epsilon     float64 `json:"epsilon"`
	WeightDecay float64 `json:"weight_decay"`
	Decoupled   bool    `json:"decoupled"` // AdamW: decay acts on the parameters themselves
	ClipNorm    float64 `json:"clip_norm"` // bound of the gradient's Euclidean norm; 0 for none
}

// DefaultAdam returns the settings of Kingma & Ba 2015 (arXiv:1412.6980), which are PyTorch's too.
func DefaultAdam() AdamConfig { return AdamConfig{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8} }

// Adam optimises one model's parameters. Close it when training ends.
type Adam struct {
	config AdamConfig
	params *nn.Params
	scope  *binding.Scope
	mean   binding.Tensor
	square binding.Tensor
	step   int64
}

// NewAdam returns an optimiser whose moments start at zero, on the parameters' device.
func NewAdam(p *nn.Params, c AdamConfig) (*Adam, error) {
	if !decays(c.Beta1) || !decays(c.Beta2) {
		return nil, fmt.Errorf("optim: new Adam: betas must be in [0,1), got %g and %g", c.Beta1, c.Beta2)
	}
	a := &Adam{config: c, params: p, scope: binding.NewScope(binding.NoGrad())}
	a.mean = a.scope.Zeros(p.DType(), p.Device(), int64(p.Count()))
	a.square = a.scope.Zeros(p.DType(), p.Device(), int64(p.Count()))
	if err := a.scope.Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("optim: new Adam: %w", err), a.Close())
	}
	return a, nil
}

// decays reports whether a running mean with the factor beta forgets; NaN does not.
func decays(beta float64) bool { return beta >= 0 && beta < 1 }

// Step changes the parameters by their gradients with the given learning rate, fills the gradients with zeros, and
// returns the norm that the gradient had before it was clipped.
func (a *Adam) Step(s *binding.Scope, rate float64) binding.Tensor {
	return a.StepAveraging(s, rate, binding.Tensor{}, 0)
}

// StepAveraging is Step, and in the same pass moves the running mean of the parameters [Count] by a share of its way to them.
func (a *Adam) StepAveraging(s *binding.Scope, rate float64, average binding.Tensor, share float64) binding.Tensor {
	if s.Err() != nil {
		return binding.Tensor{}
	}
	settings := a.settings()
	settings.Step, settings.Rate = a.step+1, rate
	settings.Average, settings.AverageShare = average, share
	norm := s.Adam(settings, a.params.Flat(), a.params.Gradient(), a.mean, a.square)
	if s.Err() == nil {
		a.Count()
	}
	return norm
}

// StepOnDevice is Step with the step's number, from 1, and the learning rate in numbers [2], a Float64 tensor on the
// parameters' device: it can be captured in a binding.Graph. It is not counted; see Count.
func (a *Adam) StepOnDevice(s *binding.Scope, numbers binding.Tensor) binding.Tensor {
	return s.AdamOnDevice(a.settings(), numbers, a.params.Flat(), a.params.Gradient(), a.mean, a.square)
}

// Count counts a step that StepOnDevice made, or the replay of one.
func (a *Adam) Count() { a.step++ }

// settings are those of each step.
func (a *Adam) settings() binding.AdamStep {
	return binding.AdamStep{
		Beta1: a.config.Beta1, Beta2: a.config.Beta2, Epsilon: a.config.Epsilon,
		WeightDecay: a.config.WeightDecay, Decoupled: a.config.Decoupled, ClipNorm: a.config.ClipNorm,
	}
}

// Steps returns how many steps were made.
func (a *Adam) Steps() int64 { return a.step }

// Moments returns the running means of the gradient and of its square, each [Count].
func (a *Adam) Moments() (mean, square binding.Tensor) { return a.mean, a.square }

// Restore puts back the number of steps and the moments that Steps and Moments gave.
func (a *Adam) Restore(s *binding.Scope, step int64, mean, square binding.Tensor) error {
	s.Copy(a.mean, mean)
	s.Copy(a.square, square)
	if err := s.Err(); err != nil {
		return fmt.Errorf("optim: restore Adam: %w", err)
	}
	a.step = step
	return nil
}

// Close frees the moments.
func (a *Adam) Close() error { return a.scope.Close() }
