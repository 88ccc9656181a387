package main

import (
	"cmp"
	"fmt"

	"github.com/gocei/gocei/trainer"
)

// momentumNoiseOptions say what noise to add to momenta.
type momentumNoiseOptions struct {
	MomentumNoise         *float64 `json:"momentum_noise,omitempty"`
	MomentumNoiseAbsolute *float64 `json:"momentum_noise_absolute,omitempty"`
}

func momentumNoiseSettings(o *momentumNoiseOptions, otherwise string) []setting {
	return []setting{
		number(&o.MomentumNoise, "momentum-noise", "`SHARE` of each momentum component that is the SD of noise added to it, as 0.01", otherwise),
		number(&o.MomentumNoiseAbsolute, "momentum-noise-absolute", "`SD` of noise added to each momentum component, in the table's unit", otherwise),
	}
}

func (o momentumNoiseOptions) check() error {
	return cmp.Or(atLeast("momentum-noise", o.MomentumNoise, 0), atLeast("momentum-noise-absolute", o.MomentumNoiseAbsolute, 0))
}

func (o momentumNoiseOptions) asked() bool {
	return o.MomentumNoise != nil || o.MomentumNoiseAbsolute != nil
}

// momentumNoise returns the noise that was asked for, over what is in force otherwise.
func (o momentumNoiseOptions) momentumNoise(otherwise trainer.MomentumNoise) trainer.MomentumNoise {
	return trainer.MomentumNoise{
		Relative: given(o.MomentumNoise, otherwise.Relative),
		Absolute: given(o.MomentumNoiseAbsolute, otherwise.Absolute),
	}
}

// noiseFor returns the noise to judge with. The momenta of a run's own table are without the noise that the run was
// trained with, and get it. Those of another table may have been measured, and have theirs.
func (o evaluateOptions) noiseFor(run trainer.RunConfig, s streams) trainer.MomentumNoise {
	if o.Data == "" {
		return o.momentumNoise(run.Training.MomentumNoise)
	}
	if trained := run.Training.MomentumNoise; trained != (trainer.MomentumNoise{}) && !o.momentumNoiseOptions.asked() {
		s.note("the run was trained with momentum noise (%s); the momenta of %s are judged as they are: --momentum-noise adds noise to them",
			describeNoise(trained), o.Data)
	}
	return o.momentumNoise(trainer.MomentumNoise{})
}

func describeNoise(n trainer.MomentumNoise) string {
	return fmt.Sprintf("%g of each component, and %g in the table's unit", n.Relative, n.Absolute)
}

func noiseLine(n trainer.MomentumNoise) string {
	if n == (trainer.MomentumNoise{}) {
		return ""
	}
	return fmt.Sprintf("noise was added to their momenta: %s\n", describeNoise(n))
}
