package cinn_test

import (
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
	"github.com/gocei/gocei/cinn"
)

// A small flow learns that x is about (2y, -y), and draws x for a y of 1. Package trainer does this with shuffling,
// validation, early stopping and checkpoints.
func Example() {
	config := cinn.Robust(2, 1, 1000)
	config.Couplings, config.Hidden = 4, []int64{16}
	model, err := cinn.New(config, nn.Placement{DType: binding.Float32, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()
	adam, err := optim.NewAdam(model.Params(), optim.DefaultAdam())
	if err != nil {
		log.Fatal(err)
	}
	defer adam.Close()

	random := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		if err := step(model, adam, random); err != nil {
			log.Fatal(err)
		}
	}
	mean, err := posteriorMean(model, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("posterior mean for y = 1: %.0f, %.0f\n", mean[0], mean[1])
	// Output: posterior mean for y = 1: 2, -1
}

// step makes 64 rows and takes one step of Adam on them.
func step(model *cinn.Model, adam *optim.Adam, random *rand.Rand) error {
	const rows, rate = 64, 5e-3
	var positions, momenta []float64
	for range rows {
		y := random.NormFloat64()
		positions = append(positions, 2*y+0.1*random.NormFloat64(), -y+0.1*random.NormFloat64())
		momenta = append(momenta, y)
	}
	s := binding.NewScope()
	defer s.Close()
	x := s.FromFloat64s(positions, binding.Float32, binding.CPU, rows, 2)
	y := s.FromFloat64s(momenta, binding.Float32, binding.CPU, rows, 1)
	if err := s.Backward(model.Loss(s, x, y).Total); err != nil {
		return err
	}
	adam.Step(s, rate)
	return s.Err()
}

// posteriorMean averages draws for one momentum.
func posteriorMean(model *cinn.Model, momentum float64) ([]float64, error) {
	generator, err := binding.NewGenerator(binding.CPU, 1)
	if err != nil {
		return nil, err
	}
	defer generator.Close()
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(generator))
	defer s.Close()
	const draws = 1000
	y := s.Full(momentum, binding.Float32, binding.CPU, draws, 1)
	return s.Float64s(s.Mean(model.Sample(s, y), 0))
}
