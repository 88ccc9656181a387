package modeltest

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// RefusesConfigs asserts that no model is built from a good configuration with any one of the changes. Each is listed by
// what its error says after the prefix.
func RefusesConfigs[C any, M Model](t *testing.T, build Build[C, M], good C, prefix string, changes map[string]func(*C)) {
	bindingtest.NoLeak(t)
	for says, change := range changes {
		c := good
		change(&c)
		_, err := build(c, nn.Placement{})
		require.Error(t, err, "%+v", c)
		assert.ErrorContains(t, err, prefix)
		assert.ErrorContains(t, err, says)
	}
}

// Call is a method of a model, of x [B,D] and y [B,C].
type Call func(s *binding.Scope, x, y binding.Tensor) binding.Tensor

// RefusesWrongShapes hands rows that are no [B,D] and [B,C] to what all models can do, and to more. D and C must be 3.
func RefusesWrongShapes(t *testing.T, m Model, more map[string]Call) {
	calls := map[string]Call{
		"log prob":   m.LogProb,
		"loss":       func(s *binding.Scope, x, y binding.Tensor) binding.Tensor { return m.Loss(s, x, y).Total },
		"round trip": m.RoundTrip,
	}
	maps.Copy(calls, more)
	for name, call := range calls {
		for _, shape := range wrongShapes {
			s := bindingtest.OpenSeeded(t, 0)
			call(s, zeros(s, shape.x...), zeros(s, shape.y...))
			assert.ErrorIs(t, s.Err(), binding.ErrShape, "%s of x %v, y %v, %s", name, shape.x, shape.y, m.Params().Architecture().Config)
		}
	}
	for _, y := range [][]int64{{5, 4}, {5, 2}, {3}, {}, {5, 3, 1}} {
		s := bindingtest.OpenSeeded(t, 0)
		m.Sample(s, zeros(s, y...))
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "sample of y %v, %s", y, m.Params().Architecture().Config)
	}
}

// wrongShapes are wrong for D and C of 3.
var wrongShapes = []struct{ x, y []int64 }{
	{[]int64{5, 4}, []int64{5, 3}},
	{[]int64{5, 2}, []int64{5, 3}},
	{[]int64{5, 3}, []int64{5, 4}},
	{[]int64{5, 4}, []int64{5, 2}}, // as wide together as it should be
	{[]int64{5, 2}, []int64{5, 4}},
	{[]int64{5, 3}, []int64{4, 3}},
	{[]int64{5, 3}, []int64{1, 3}},
	{[]int64{1, 3}, []int64{5, 3}},
	{[]int64{3}, []int64{5, 3}},
	{[]int64{5, 3}, []int64{3}},
	{[]int64{}, []int64{5, 3}},
	{[]int64{5, 3}, []int64{}},
	{[]int64{5, 3, 1}, []int64{5, 3}},
}

// RefusesMisuse tries a float64 model with float32 rows, without a generator, and closed.
func (u Subject[M]) RefusesMisuse(t *testing.T) {
	s := bindingtest.OpenSeeded(t, 0)
	u.Model.LogProb(s, s.Zeros(binding.Float32, binding.CPU, 5, u.Dim), s.Zeros(binding.Float32, binding.CPU, 5, u.Conditions))
	assert.ErrorIs(t, s.Err(), binding.ErrDType, "float32 rows in a float64 model")

	s = bindingtest.Open(t)
	u.Model.Sample(s, zeros(s, 5, u.Conditions))
	assert.ErrorIs(t, s.Err(), binding.ErrArgument, "no generator to draw from")

	closed := u.another(t, 1)
	require.NoError(t, closed.Close())
	s = bindingtest.OpenSeeded(t, 0)
	closed.Sample(s, zeros(s, 5, u.Conditions))
	assert.ErrorIs(t, s.Err(), binding.ErrClosed)
}

// TakesNoRows asserts that no rows are no mistake, since a table may end with an empty batch.
func (u Subject[M]) TakesNoRows(t *testing.T) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := s.Zeros(u.DType, binding.CPU, 0, u.Dim), s.Zeros(u.DType, binding.CPU, 0, u.Conditions)
	assert.Equal(t, []int64{0, u.Dim}, bindingtest.Shape(t, s, u.Model.Sample(s, y)))
	assert.Equal(t, []int64{0}, bindingtest.Shape(t, s, u.Model.LogProb(s, x, y)))
}

func zeros(s *binding.Scope, shape ...int64) binding.Tensor {
	return s.Zeros(binding.Float64, binding.CPU, shape...)
}
