package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func leaf(s *binding.Scope, values ...float64) binding.Tensor {
	a := vector(s, values...)
	s.RequireGrad(a)
	return a
}

func TestBackwardAccumulates(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a, b, unused := leaf(s, 2, 3), leaf(s, 5, 7), leaf(s, 1)
	assert.Equal(t, []float64{0, 0}, float64s(t, s, s.Grad(a)), "none yet")
	for range 2 {
		require.NoError(t, s.Backward(s.Sum(s.Mul(s.Square(a), b))))
	}
	assert.Equal(t, []float64{2 * 20, 2 * 42}, float64s(t, s, s.Grad(a)))
	assert.Equal(t, []float64{2 * 4, 2 * 9}, float64s(t, s, s.Grad(b)))
	assert.Equal(t, []float64{0}, float64s(t, s, s.Grad(unused)))
}

func TestGradientKeepsTheGraphAndTheLeaves(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a, unused := leaf(s, 2, 3), leaf(s, 1, 1, 1)
	squares := s.Square(a)
	for range 2 {
		slopes := s.Gradient(squares, a, unused)
		assert.Equal(t, []float64{4, 6}, float64s(t, s, slopes[0]), "of the sum of the output")
		assert.Equal(t, []float64{0, 0, 0}, float64s(t, s, slopes[1]))
	}
	assert.Equal(t, []float64{0, 0}, float64s(t, s, s.Grad(a)), "nothing was accumulated")
	inner := s.Gradient(s.Mul(squares, a), squares)
	assert.Equal(t, []float64{2, 3}, float64s(t, s, inner[0]), "an input need not be a leaf")
}

func TestBackwardNeedsAScalar(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := leaf(s, 1, 2)
	err := s.Backward(s.Square(a))
	assert.ErrorIs(t, err, binding.ErrShape)
	assert.ErrorContains(t, err, "binding: backward: ")
	assert.Equal(t, err, s.Err())
	assert.Equal(t, []float64{0, 0}, float64s(t, bindingtest.Open(t), bindingtest.Open(t).Grad(a)))
}

func TestBackwardNeedsAGraph(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	assert.Error(t, s.Backward(s.Sum(vector(s, 1, 2))))

	silent := bindingtest.Open(t, binding.NoGrad())
	a := leaf(silent, 1, 2)
	assert.Error(t, silent.Backward(silent.Sum(a)), "a NoGrad scope records nothing")
}

func TestNoGradConcernsOnlyItsScope(t *testing.T) {
	bindingtest.NoLeak(t)
	s, silent := bindingtest.Open(t), bindingtest.Open(t, binding.NoGrad())
	a := leaf(s, 3)
	constant := silent.Square(a)
	require.NoError(t, s.Backward(s.Sum(s.Mul(a, constant))))
	assert.Equal(t, 9.0, item(t, s, s.Grad(a)))
	loss := s.Sum(s.Square(a))
	require.NoError(t, silent.Backward(loss), "what was recorded elsewhere can be gone back through")
	assert.Equal(t, 15.0, item(t, s, s.Grad(a)))
}

func TestTheGraphIsGoneAfterBackward(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	loss := s.Sum(s.Square(leaf(s, 1)))
	require.NoError(t, s.Backward(loss))
	assert.ErrorIs(t, s.Backward(loss), binding.ErrTorch)
}

func TestBackwardReportsAChangedOperand(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a, factor := leaf(s, 1, 2), vector(s, 3, 4)
	loss := s.Sum(s.Mul(a, factor))
	s.Zero(factor)
	assert.ErrorIs(t, s.Backward(loss), binding.ErrTorch)
	assert.ErrorContains(t, s.Err(), "inplace")
}

func TestGradientNeedsInputsThatAreRecorded(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := leaf(s, 1)
	slopes := s.Gradient(s.Square(a), a, vector(s, 1))
	require.Len(t, slopes, 2)
	assert.False(t, slopes[0].Valid() || slopes[1].Valid())
	assert.Error(t, s.Err())
}

func TestOnlyFloatingLeavesHaveGradients(t *testing.T) {
	bindingtest.NoLeak(t)
	whole := bindingtest.Open(t)
	whole.RequireGrad(whole.FromInt64s([]int64{1}, binding.CPU, 1))
	assert.ErrorIs(t, whole.Err(), binding.ErrDType)
}

func TestParametersAreViewsOfOneArray(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, on := range bindingtest.Devices(t) {
		s := bindingtest.Open(t)
		flat := s.FromFloat64s([]float64{1, 2, 3, 4, 5, 6, 7, 8}, binding.Float64, on, 8)
		gradient := s.Zeros(binding.Float64, on, 8)
		views := s.Parameters(flat, gradient, []int64{2, 3}, []int64{}, []int64{1})
		require.Len(t, views, 3)
		assert.Equal(t, []int64{2, 3}, bindingtest.Shape(t, s, views[0]))
		assert.Equal(t, []float64{1, 2, 3, 4, 5, 6}, float64s(t, s, views[0]))
		assert.Equal(t, 7.0, item(t, s, views[1]))
		for range 2 {
			require.NoError(t, s.Backward(s.Add(s.Sum(s.Square(views[0])), views[1])))
		}
		assert.Equal(t, []float64{4, 8, 12, 16, 20, 24, 2, 0}, float64s(t, s, gradient), "gradients accumulate in place")
		s.Zero(flat)
		assert.Equal(t, 0.0, item(t, s, s.Sum(views[0])))
	}
}

func TestParametersMustFit(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, shapes := range [][][]int64{{{9}}, {{4}, {5}}, {{-1}}, {{2, -2}}} {
		s := bindingtest.Open(t)
		views := s.Parameters(s.Zeros(binding.Float32, binding.CPU, 8), s.Zeros(binding.Float32, binding.CPU, 8), shapes...)
		assert.Len(t, views, len(shapes))
		assert.False(t, views[0].Valid())
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v", shapes)
	}
}
