package posterior

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// noiseStream keeps the noise of momenta from repeating the numbers of draws with the same seed.
const noiseStream = 0x6e6f697365

// conditions returns what the model is given for the events' momenta [N, c]. While an evaluation adds momentum noise,
// the same events have the same realisation of it wherever they are looked at.
func (v *Inverse) conditions(events *dataset.Events) (dataset.Matrix, error) {
	clean, err := v.run.Encoding.EncodeMomenta(events)
	if err != nil || v.noise == (trainer.MomentumNoise{}) {
		return clean, err
	}
	generator, err := binding.NewGenerator(binding.CPU, v.seed^noiseStream)
	if err != nil {
		return dataset.Matrix{}, err
	}
	defer generator.Close()
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(generator))
	defer s.Close()
	blur, err := trainer.NewMomentumBlur(s, v.noise, v.run.Encoding.Momenta, binding.Float64, binding.CPU)
	if err != nil {
		return dataset.Matrix{}, err
	}
	y := s.FromFloat64s(clean.Data, binding.Float64, binding.CPU, int64(clean.Rows), int64(clean.Cols))
	noisy, err := s.Float64s(blur.Add(s, y))
	if err != nil {
		return dataset.Matrix{}, fmt.Errorf("add momentum noise: %w", err)
	}
	return dataset.Matrix{Rows: clean.Rows, Cols: clean.Cols, Data: noisy}, nil
}

// AddMomentumNoise makes draws depend on momenta with that noise until stop is called. The same events, in the same
// order, get the realisation that Evaluate gives them.
func (v *Inverse) AddMomentumNoise(n trainer.MomentumNoise) (stop func()) {
	before := v.noise
	v.noise = n
	return func() { v.noise = before }
}
