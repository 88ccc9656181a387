package bindingtest

import (
	"testing"

	"github.com/gocei/gocei/binding"
)

// Float64s returns the elements of x, row by row.
func Float64s(t testing.TB, s *binding.Scope, x binding.Tensor) []float64 {
	t.Helper()
	values, err := s.Float64s(x)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// Values returns the elements of a tensor that outlives single scopes, such as a model's parameter.
func Values(t testing.TB, x binding.Tensor) []float64 {
	t.Helper()
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	return Float64s(t, s, x)
}

// Item returns the one element of x.
func Item(t testing.TB, s *binding.Scope, x binding.Tensor) float64 {
	t.Helper()
	value, err := s.Item(x)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Shape returns the sizes of x along its dimensions.
func Shape(t testing.TB, s *binding.Scope, x binding.Tensor) []int64 {
	t.Helper()
	shape, err := s.Shape(x)
	if err != nil {
		t.Fatal(err)
	}
	return shape
}
