package trainer

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// Model is what can be fitted.
type Model interface {
	Params() *nn.Params
	// Loss returns the mean loss of a batch: x positions [B,D], y momenta [B,C], in model coordinates. Random numbers
	// come from the scope's generator.
	Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss
}

// Differentiator is a Model that finds a batch's loss and gradient in one go, faster than by Loss and Backward.
type Differentiator interface {
	Model
	// LossAndGradient returns what Loss returns, and adds the gradient of its total to Params().Gradient().
	LossAndGradient(s *binding.Scope, x, y binding.Tensor) nn.Loss
}

// Differentiate returns the model's loss over a batch and adds its gradient to Params().Gradient(), by the fastest way that
// the model has. Errors stay with the scope.
func Differentiate(m Model, s *binding.Scope, x, y binding.Tensor) nn.Loss {
	if d, ok := m.(Differentiator); ok {
		return d.LossAndGradient(s, x, y)
	}
	loss := m.Loss(s, x, y)
	_ = s.Backward(loss.Total) // the scope carries the error
	return loss
}
