package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestFullAndZeros(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, on := range bindingtest.Devices(t) {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64, binding.Int64} {
			for _, shape := range [][]int64{{}, {1}, {2, 3}, {0}, {3, 0, 2}} {
				s := bindingtest.Open(t)
				full := s.Full(-3, dtype, on, shape...)
				want := arrayOf(shape, func([]int64) float64 { return -3 })
				assert.Equal(t, want.data, float64s(t, s, full))
				assert.Equal(t, want.shape, bindingtest.Shape(t, s, full))
				got, err := s.DTypeOf(full)
				require.NoError(t, err)
				assert.Equal(t, dtype, got)
				where, err := s.DeviceOf(full)
				require.NoError(t, err)
				assert.Equal(t, on, where)
				assert.Equal(t, make([]float64, count(shape)), float64s(t, s, s.Zeros(dtype, on, shape...)))
			}
		}
	}
}

func TestImpossibleSizes(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, c := range []struct {
		shape []int64
		kind  binding.Kind
	}{
		{[]int64{-1}, binding.ErrShape},
		{[]int64{1 << 62, 1 << 62}, binding.ErrShape},
		{[]int64{1 << 50}, binding.ErrOutOfMemory},
	} {
		s := bindingtest.Open(t)
		assert.False(t, s.Zeros(binding.Float32, binding.CPU, c.shape...).Valid())
		assert.ErrorIs(t, s.Err(), c.kind, "%v", c.shape)
	}
}
