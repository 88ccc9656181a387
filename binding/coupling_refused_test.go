package binding_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestCouplingRefusesWhatDoesNotFit(t *testing.T) {
	bindingtest.NoLeak(t)
	fitting := couplingShapes(binding.Coupling{Networks: 2}, 3, 4, 2)
	with := func(at int, others ...[]int64) [][]int64 {
		shapes := slices.Clone(fitting)
		copy(shapes[at:], others)
		return shapes
	}
	for _, c := range []struct {
		name     string
		networks int
		shapes   [][]int64
		kind     binding.Kind
	}{
		{"one column", 2, with(0, []int64{3, 1}), binding.ErrShape},
		{"one dimension", 2, with(0, []int64{4}), binding.ErrShape},
		{"another batch", 2, with(1, []int64{2, 2}), binding.ErrShape},
		{"a flat condition", 2, with(1, []int64{3}), binding.ErrShape},
		{"a wide condition", 2, with(1, []int64{3, 5}), binding.ErrShape},
		{"a narrow hidden layer", 2, with(4, []int64{2, 3}), binding.ErrShape},
		{"a scale too narrow", 2, with(4, []int64{1, 4}, []int64{1}), binding.ErrShape},
		{"a shift too wide", 2, with(8, []int64{3, 4}, []int64{3}), binding.ErrShape},
		{"a network for half of what one gives", 1, fitting[:6], binding.ErrShape},
		{"three networks", 3, fitting, binding.ErrArgument},
		{"no network", 0, fitting, binding.ErrArgument},
		{"no layers", 2, fitting[:2], binding.ErrArgument},
		{"a bias missing", 2, fitting[:len(fitting)-1], binding.ErrArgument},
	} {
		t.Run(c.name, func(t *testing.T) {
			coupling := binding.Coupling{Networks: c.networks}
			forward, inverse := bindingtest.Open(t), bindingtest.Open(t)
			z, logDet := forward.Coupling(coupling, zeros(forward, c.shapes[0]...), zeros(forward, c.shapes[1]...), allZeros(forward, c.shapes[2:]))
			x := inverse.Uncoupling(coupling, zeros(inverse, c.shapes[0]...), zeros(inverse, c.shapes[1]...), allZeros(inverse, c.shapes[2:]))
			assert.False(t, z.Valid() || logDet.Valid() || x.Valid())
			require.ErrorIs(t, forward.Err(), c.kind)
			assert.ErrorIs(t, inverse.Err(), c.kind)
			assertReadable(t, forward.Err().Error())
		})
	}
}

func allZeros(s *binding.Scope, shapes [][]int64) []binding.Tensor {
	var all []binding.Tensor
	for _, shape := range shapes {
		all = append(all, zeros(s, shape...))
	}
	return all
}
