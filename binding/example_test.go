package binding_test

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// A scope owns what is made in it, and carries the first error to where a value leaves it.
func ExampleScope() {
	s := binding.NewScope()
	defer s.Close()
	x := s.FromFloat64s([]float64{1, 2, 3}, binding.Float32, binding.CPU, 3)
	mean, err := s.Item(s.Mean(s.Square(x)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f\n", mean)
	// Output: 4.6667
}

// Operations after an error do nothing, so that one check at the end is enough.
func ExampleScope_Err() {
	s := binding.NewScope()
	defer s.Close()
	a := s.Zeros(binding.Float32, binding.CPU, 2, 3)
	_, err := s.Item(s.Sum(s.Exp(s.MatMul(a, a))))
	fmt.Println(errors.Is(err, binding.ErrShape))
	// Output: true
}

// Backward accumulates in leaves.
func ExampleScope_Backward() {
	s := binding.NewScope()
	defer s.Close()
	x := s.FromFloat64s([]float64{3}, binding.Float64, binding.CPU, 1)
	s.RequireGrad(x)
	if err := s.Backward(s.Sum(s.Square(x))); err != nil {
		fmt.Println(err)
		return
	}
	slope, err := s.Item(s.Grad(x))
	fmt.Println(slope, err)
	// Output: 6 <nil>
}
