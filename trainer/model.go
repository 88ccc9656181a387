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
