package binding_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestReductionsOfNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	nothing := s.Zeros(binding.Float64, binding.CPU, 0, 3)
	assert.Equal(t, 0.0, item(t, s, s.Sum(nothing)))
	assert.Equal(t, []float64{0, 0, 0}, float64s(t, s, s.Sum(nothing, 0)))
	assert.True(t, math.IsNaN(item(t, s, s.Mean(nothing))))
	assert.True(t, math.IsInf(item(t, s, s.LogSumExp(nothing)), -1))
}

func TestLogSumExpDoesNotOverflow(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	assert.InDelta(t, 1000+math.Log(2), item(t, s, s.LogSumExp(vector(s, 1000, 1000))), 1e-12)
	assert.InDelta(t, -1000+math.Log(3), item(t, s, s.LogSumExp(vector(s, -1000, -1000, -1000))), 1e-12)
	assert.True(t, math.IsInf(item(t, s, s.LogSumExp(vector(s, math.Inf(-1), math.Inf(-1)))), -1))
}

func TestVarianceDoesNotCancel(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	assert.InDelta(t, 2.0/3, item(t, s, s.Variance(vector(s, 1e9, 1e9+1, 1e9+2))), 1e-12)
	assert.Equal(t, 0.0, item(t, s, s.Variance(vector(s, 5))))
}

func TestAllFinite(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	for want, all := range map[bool][]binding.Tensor{
		true: {vector(s, 0, math.MaxFloat64, -1), s.Zeros(binding.Float32, binding.CPU, 0), s.FromInt64s([]int64{1}, binding.CPU, 1)},
		false: {vector(s, 0, math.NaN()), vector(s, math.Inf(1)), s.FromFloat64s([]float64{1, math.Inf(-1)}, binding.Float32, binding.CPU, 2, 1),
			s.FromFloat64s([]float64{1e300}, binding.Float32, binding.CPU, 1)},
	} {
		for _, a := range all {
			got, err := s.AllFinite(a)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
	}
	_, err := s.AllFinite(binding.Tensor{})
	assert.ErrorIs(t, err, binding.ErrArgument)
}

func TestReductionsRefuseDimensionsThatAreNotThere(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, dims := range [][]int64{{2}, {-3}, {0, 0}} {
		s := bindingtest.Open(t)
		assert.False(t, s.Sum(s.Zeros(binding.Float64, binding.CPU, 2, 3), dims...).Valid())
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v", dims)
	}
}
