package nn_test

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// A line through four points: lay out, allocate, and step until the slope and the intercept are found.
func Example() {
	if err := fitLine(); err != nil {
		fmt.Println(err)
	}
	// Output: y = 2.000 x + 1.000
}

func fitLine() error {
	var layout nn.Layout
	line := layout.MLP("line", true, 1, 1)
	params, err := layout.Allocate(nn.Architecture{Kind: "line"}, nn.Placement{DType: binding.Float64, Seed: 1})
	if err != nil {
		return err
	}
	defer params.Close()
	adam, err := optim.NewAdam(params, optim.DefaultAdam())
	if err != nil {
		return err
	}
	defer adam.Close()
	s := binding.NewScope()
	defer s.Close()
	for range 1000 {
		x := s.FromFloat64s([]float64{0, 1, 2, 3}, binding.Float64, binding.CPU, 4, 1)
		y := s.FromFloat64s([]float64{1, 3, 5, 7}, binding.Float64, binding.CPU, 4, 1)
		if err := s.Backward(s.Mean(s.Square(s.Sub(line.Forward(s, x), y)))); err != nil {
			return err
		}
		adam.Step(s, 0.05)
		if err := errors.Join(s.Err(), s.Reset()); err != nil {
			return err
		}
	}
	found, err := s.Float64s(params.Flat())
	if err != nil {
		return err
	}
	fmt.Printf("y = %.3f x + %.3f\n", found[0], found[1])
	return nil
}
