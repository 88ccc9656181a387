package modelbench

import (
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/trainer"
)

// The molecule of three atoms that the models are measured for.
const dim, conditions = 9, 9

const (
	referenceCouplings = 20
	robustRows         = 100_000 // that the robust presets are asked for
)

// model is what is measured of both kinds.
type model interface {
	trainer.Model
	Start(s *binding.Scope, x, y binding.Tensor) error
	Sample(s *binding.Scope, y binding.Tensor) binding.Tensor
	LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor
	Close() error
}

func robustCINN() cinn.Config { return cinn.Robust(dim, conditions, robustRows) }

// newModel returns the case's model for positions of d columns and momenta of c, with weights that depend on nothing else.
func newModel(k Case, d, c int64, on binding.Device) (model, error) {
	at := nn.Placement{Device: on, DType: binding.Float32, Seed: 1}
	hidden := []int64{int64(k.Width), int64(k.Width)}
	if k.Model == CVAE || k.Model == CVAERobust {
		config := cvae.Reference(d, c)
		if k.Model == CVAERobust {
			config = cvae.Robust(d, c, robustRows)
		}
		config.Hidden = slices.Repeat(hidden[:1], k.Layers)
		return checked(cvae.New(config, at))
	}
	config := cinn.Reference(d, c)
	switch k.Model {
	case CINNRobust:
		config = cinn.Robust(d, c, robustRows)
	case CINNOneNetwork:
		config.Networks = 1
	}
	config.Hidden, config.Couplings = hidden, k.Couplings
	return checked(cinn.New(config, at))
}

// checked keeps a nil pointer from becoming a model that is not nil.
func checked[M model](m M, err error) (model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}

// training returns the settings that the case's model is trained with.
func (c Case) training() trainer.Config {
	if c.Model == CINNRobust || c.Model == CVAERobust {
		return trainer.Robust(robustRows)
	}
	return trainer.Reference()
}
