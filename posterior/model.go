package posterior

import (
	"encoding/json"
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
)

// model is what both kinds of trained model can do, in model coordinates: x [B,D], y [B,C].
type model interface {
	Params() *nn.Params
	Sample(s *binding.Scope, y binding.Tensor) binding.Tensor
	LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor
	RoundTrip(s *binding.Scope, x, y binding.Tensor) binding.Tensor
	Close() error
}

// component is a model of its own, and no mixture of several. It draws from numbers that are given too.
type component interface {
	model
	Numbers() int64                                                        // standard normal ones that a draw takes
	SampleFrom(s *binding.Scope, numbers, y binding.Tensor) binding.Tensor // numbers [B,Numbers]
}

// components returns the models that the posterior is the equal mixture of.
func (v *Inverse) components() ([]component, error) {
	of := []model{v.model}
	if m, ok := v.model.(mixture); ok {
		of = m
	}
	all := make([]component, len(of))
	for i, m := range of {
		c, ok := m.(component)
		if !ok {
			return nil, fmt.Errorf("posterior: a %T does not draw from given numbers", m)
		}
		all[i] = c
	}
	return all, nil
}

// newModel builds a model of an architecture, without its weights.
func newModel(a nn.Architecture, at nn.Placement) (model, error) {
	switch a.Kind {
	case cvae.Kind:
		var c cvae.Config
		if err := json.Unmarshal(a.Config, &c); err != nil {
			return nil, fmt.Errorf("posterior: read the CVAE's settings: %w", err)
		}
		return checked(cvae.New(c, at))
	case cinn.Kind:
		var c cinn.Config
		if err := json.Unmarshal(a.Config, &c); err != nil {
			return nil, fmt.Errorf("posterior: read the cINN's settings: %w", err)
		}
		return checked(cinn.New(c, at))
	}
	return nil, fmt.Errorf("posterior: the run's model is a %q; known are %s and %s", a.Kind, cvae.Kind, cinn.Kind)
}

// checked keeps a nil pointer from becoming a model that is not nil.
func checked[M model](m M, err error) (model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}
