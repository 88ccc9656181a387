package binding_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

const draws = 100_000

// moments returns mean, variance and the mean fourth power of the deviation.
func moments(values []float64) (m, v, fourth float64) {
	m, v = mean(values), variance(values)
	for _, x := range values {
		fourth += math.Pow(x-m, 4) / float64(len(values))
	}
	return m, v, fourth
}

func TestNormalIsStandardNormal(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		s := bindingtest.OpenSeeded(t, 1)
		m, v, fourth := moments(float64s(t, s, s.Normal(dtype, draws)))
		// Five standard errors: 1, √2 and √96 over the root of the number of draws.
		assert.InDelta(t, 0, m, 5/math.Sqrt(draws))
		assert.InDelta(t, 1, v, 5*math.Sqrt2/math.Sqrt(draws))
		assert.InDelta(t, 3, fourth, 5*math.Sqrt(96)/math.Sqrt(draws))
	}
}

func TestUniformIsUniform(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		s := bindingtest.OpenSeeded(t, 2)
		values := float64s(t, s, s.Uniform(dtype, draws))
		m, v, _ := moments(values)
		assert.InDelta(t, 0.5, m, 5/math.Sqrt(12*draws))
		assert.InDelta(t, 1.0/12, v, 5/math.Sqrt(180*draws))
		assert.GreaterOrEqual(t, slices.Min(values), 0.0)
		assert.Less(t, slices.Max(values), 1.0)
	}
}

func TestRandPermIsAPermutation(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.OpenSeeded(t, 3)
	for _, n := range []int64{0, 1, 2, 1000} {
		order, err := s.Int64s(s.RandPerm(n))
		require.NoError(t, err)
		sorted := slices.Sorted(slices.Values(order))
		require.Len(t, sorted, int(n))
		for i, v := range sorted {
			require.Equal(t, int64(i), v)
		}
		assert.True(t, n < 1000 || !slices.Equal(order, sorted), "1000 numbers came in order")
	}
	s.RandPerm(-1)
	assert.Error(t, s.Err())
}

func TestRandomOperationsNeedAnOpenGenerator(t *testing.T) {
	bindingtest.NoLeak(t)
	closed, err := binding.NewGenerator(binding.CPU, 1)
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, random := range []func(*binding.Scope) binding.Tensor{
		func(s *binding.Scope) binding.Tensor { return s.Normal(binding.Float32, 2) },
		func(s *binding.Scope) binding.Tensor { return s.Uniform(binding.Float64, 2) },
		func(s *binding.Scope) binding.Tensor { return s.RandPerm(2) },
	} {
		without := bindingtest.Open(t)
		assert.False(t, random(without).Valid())
		assert.ErrorIs(t, without.Err(), binding.ErrArgument)
		late := bindingtest.Open(t, binding.WithGenerator(closed))
		assert.False(t, random(late).Valid())
		assert.ErrorIs(t, late.Err(), binding.ErrClosed)
	}
}
