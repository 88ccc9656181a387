package binding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// mlpLeaves returns x and the layers, drawn at random.
func mlpLeaves(s *binding.Scope, dtype binding.DType, on binding.Device, batch int64, sizes ...int64) []binding.Tensor {
	r := rand.New(rand.NewPCG(uint64(batch), uint64(len(sizes))))
	var all []binding.Tensor
	for _, shape := range append([][]int64{{batch, sizes[0]}}, layerShapes(sizes...)...) {
		a := s.FromFloat64s(draw(r, count(shape), small), dtype, on, shape...)
		s.RequireGrad(a)
		all = append(all, a)
	}
	return all
}

func TestMLPIsItsComposition(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, sizes := range [][]int64{{3, 2}, {1, 1, 1}, {9, 16, 4}, {0, 5, 2}, {7, 5, 6, 8, 3}} {
		for _, batch := range []int64{0, 1, 33} {
			for _, on := range bindingtest.Devices(t) {
				for dtype, tolerance := range fusedTolerances {
					s := bindingtest.Open(t)
					in := mlpLeaves(s, dtype, on, batch, sizes...)
					got, want := s.MLP(in[0], in[1:]), composedMLP(s, in[0], in[1:])
					what := fmt.Sprint(sizes, batch, dtype, on)
					near(t, float64s(t, s, want), float64s(t, s, got), tolerance, what)
					slopes := s.Gradient(s.Square(got), in...)
					for i, slope := range s.Gradient(s.Square(want), in...) {
						near(t, float64s(t, s, slope), float64s(t, s, slopes[i]), tolerance, what, "operand", i)
					}
				}
			}
		}
	}
}

func TestMLPRefusesWhatDoesNotFit(t *testing.T) {
	bindingtest.NoLeak(t)
	for name, c := range map[string]struct {
		shapes [][]int64
		kind   binding.Kind
	}{
		"no layers":      {[][]int64{{2, 3}}, binding.ErrArgument},
		"no bias":        {[][]int64{{2, 3}, {4, 3}}, binding.ErrArgument},
		"a wide input":   {[][]int64{{2, 5}, {4, 3}, {4}}, binding.ErrShape},
		"a flat input":   {[][]int64{{3}, {4, 3}, {4}}, binding.ErrShape},
		"a wide bias":    {[][]int64{{2, 3}, {4, 3}, {5}}, binding.ErrShape},
		"a broken chain": {[][]int64{{2, 3}, {4, 3}, {4}, {2, 5}, {2}}, binding.ErrShape},
	} {
		s := bindingtest.Open(t)
		var in []binding.Tensor
		for _, shape := range c.shapes {
			in = append(in, s.Zeros(binding.Float32, binding.CPU, shape...))
		}
		assert.False(t, s.MLP(in[0], in[1:]).Valid(), name)
		assert.ErrorIs(t, s.Err(), c.kind, "%s: %v", name, s.Err())
	}
}
