package binding_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestFloatsComeBackToTheBit(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, on := range bindingtest.Devices(t) {
		s := bindingtest.Open(t)
		doubles := []float64{0, math.Copysign(0, -1), 1.0 / 3, -math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1)}
		got, err := s.Float64s(s.FromFloat64s(doubles, binding.Float64, on, 7))
		require.NoError(t, err)
		for i := range doubles {
			assert.Equal(t, math.Float64bits(doubles[i]), math.Float64bits(got[i]))
		}
		singles := []float32{0, 1.0 / 3, -math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Inf(1)), -2}
		back, err := s.Float32s(s.FromFloat32s(singles, binding.Float32, on, 2, 3))
		require.NoError(t, err)
		assert.Equal(t, singles, back)
		nan, err := s.Float64s(s.FromFloat64s([]float64{math.NaN()}, binding.Float32, on, 1))
		require.NoError(t, err)
		assert.True(t, math.IsNaN(nan[0]))
	}
}

func TestIntegersComeBack(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	want := []int64{math.MinInt64, -1, 0, 1<<53 + 1, math.MaxInt64}
	got, err := s.Int64s(s.FromInt64s(want, binding.CPU, 5))
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestCopiesConvert(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	third := s.FromFloat64s([]float64{1.0 / 3}, binding.Float32, binding.CPU, 1)
	assert.Equal(t, float64(float32(1.0)/3), item(t, s, third))
	exact := s.FromFloat32s([]float32{1.0 / 3}, binding.Float64, binding.CPU, 1)
	assert.Equal(t, float64(float32(1.0)/3), item(t, s, exact))
	whole, err := s.Int64s(s.FromFloat64s([]float64{-2.7, 2.7}, binding.Float64, binding.CPU, 2))
	require.NoError(t, err)
	assert.Equal(t, []int64{-2, 2}, whole)
}

// Rows come in the order of the index, however the memory lies.
func TestViewsAreReadRowByRow(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := s.FromFloat64s([]float64{1, 2, 3, 4, 5, 6}, binding.Float64, binding.CPU, 2, 3)
	assert.Equal(t, []float64{1, 4, 2, 5, 3, 6}, float64s(t, s, s.Transpose(a, 0, 1)))
	assert.Equal(t, []float64{2, 3, 5, 6}, float64s(t, s, s.Narrow(a, 1, 1, 2)))
}

func TestDataMustFillTheShape(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, shape := range [][]int64{{2}, {4}, {}, {-3}, {3, -1}, {1 << 40, 1 << 40}, {0}} {
		s := bindingtest.Open(t)
		assert.False(t, s.FromFloat64s([]float64{1, 2, 3}, binding.Float32, binding.CPU, shape...).Valid())
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v", shape)
	}
	s := bindingtest.Open(t)
	assert.Empty(t, float64s(t, s, s.FromFloat64s(nil, binding.Float32, binding.CPU, 0, 5)))
}

func TestItemNeedsOneElement(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	assert.Equal(t, 4.0, item(t, s, vector(s, 4)))
	assert.Equal(t, 4.0, item(t, s, s.Full(4, binding.Float32, binding.CPU)))
	for _, n := range []int64{0, 2} {
		s := bindingtest.Open(t)
		_, err := s.Item(s.Zeros(binding.Float64, binding.CPU, n))
		assert.ErrorIs(t, err, binding.ErrShape)
		assert.Equal(t, err, s.Err())
	}
}
