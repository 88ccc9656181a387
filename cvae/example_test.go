package cvae_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
	"github.com/gocei/gocei/cvae"
)

// A small model learns that x is about (2y, -y), settles on the rows that it was trained on, and draws x for a y of 1.
// Package trainer does this with shuffling, validation, early stopping and checkpoints.
func Example() {
	config := cvae.Robust(2, 1, 1000)
	config.Hidden = []int64{16}
	model, err := cvae.New(config, nn.Placement{DType: binding.Float32, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()
	adam, err := optim.NewAdam(model.Params(), optim.DefaultAdam())
	if err != nil {
		log.Fatal(err)
	}
	defer adam.Close()
	generator, err := binding.NewGenerator(binding.CPU, 1)
	if err != nil {
		log.Fatal(err)
	}
	defer generator.Close()

	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(generator))
	defer s.Close()
	x, y := events(s)
	for range 400 {
		if err := step(model, adam, generator, x, y); err != nil {
			log.Fatal(err)
		}
	}
	if err := model.Settle(context.Background(), s, x, y); err != nil {
		log.Fatal(err)
	}
	draws := model.Sample(s, s.Full(1, binding.Float32, binding.CPU, 1000, 1))
	mean, err := s.Float64s(s.Mean(draws, 0))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("posterior mean for y = 1: %.0f, %.0f\n", mean[0], mean[1])
	// Output: posterior mean for y = 1: 2, -1
}

// events returns positions [256,2] and momenta [256,1].
func events(s *binding.Scope) (x, y binding.Tensor) {
	const rows = 256
	random := rand.New(rand.NewPCG(1, 1))
	var positions, momenta []float64
	for range rows {
		y := random.NormFloat64()
		positions = append(positions, 2*y+0.1*random.NormFloat64(), -y+0.1*random.NormFloat64())
		momenta = append(momenta, y)
	}
	return s.FromFloat64s(positions, binding.Float32, binding.CPU, rows, 2),
		s.FromFloat64s(momenta, binding.Float32, binding.CPU, rows, 1)
}

// step takes one step of Adam on all rows, with new latent variables.
func step(model *cvae.Model, adam *optim.Adam, generator *binding.Generator, x, y binding.Tensor) error {
	const rate = 1e-2
	s := binding.NewScope(binding.WithGenerator(generator))
	defer s.Close()
	if err := s.Backward(model.Loss(s, x, y).Total); err != nil {
		return err
	}
	adam.Step(s, rate)
	return s.Err()
}
