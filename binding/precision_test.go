package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestMatmulPrecisionIsKept(t *testing.T) {
	before, err := binding.MatmulPrecisionInForce()
	require.NoError(t, err)
	assert.Equal(t, binding.HighestPrecision, before, "where nothing was set")
	t.Cleanup(func() { assert.NoError(t, binding.SetMatmulPrecision(before)) })
	for _, p := range []binding.MatmulPrecision{binding.MediumPrecision, binding.HighPrecision, binding.HighestPrecision} {
		require.NoError(t, binding.SetMatmulPrecision(p))
		got, err := binding.MatmulPrecisionInForce()
		require.NoError(t, err)
		assert.Equal(t, p, got)
	}
	assert.ErrorIs(t, binding.SetMatmulPrecision("low"), binding.ErrArgument)
}

// A product of float64 matrices is the same whatever is said of float32.
func TestMatmulPrecisionLeavesFloat64Alone(t *testing.T) {
	bindingtest.NoLeak(t)
	t.Cleanup(func() { assert.NoError(t, binding.SetMatmulPrecision(binding.HighestPrecision)) })
	for _, on := range bindingtest.Devices(t) {
		var products [][]float64
		for _, p := range []binding.MatmulPrecision{binding.HighestPrecision, binding.MediumPrecision} {
			require.NoError(t, binding.SetMatmulPrecision(p))
			s := bindingtest.OpenSeeded(t, 1)
			a := s.To(s.Normal(binding.Float64, 33, 17), binding.Float64, on)
			products = append(products, float64s(t, s, s.MatMul(a, s.Transpose(a, 0, 1))))
		}
		assert.Equal(t, products[0], products[1], on.String())
	}
}
