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

// Settler is a Model that derives something from the whole training part once its weights are settled. It is called
// with the best weights before they are saved.
type Settler interface {
	Settle(s *binding.Scope, x, y binding.Tensor) error
}
