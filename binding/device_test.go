package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestDeviceNames(t *testing.T) {
	assert.Equal(t, "cpu", binding.CPU.String())
	assert.Equal(t, "cuda:3", binding.CUDA(3).String())
	assert.Equal(t, binding.CPU, binding.Device{})
	assert.True(t, binding.CUDA(3).IsCUDA())
	assert.False(t, binding.CPU.IsCUDA())
	assert.Equal(t, 3, binding.CUDA(3).Index())
	assert.Equal(t, 0, binding.CPU.Index())
}

func TestParseDevice(t *testing.T) {
	n, err := binding.CUDADevices()
	require.NoError(t, err)
	best := binding.CPU
	if n > 0 {
		best = binding.CUDA(0)
	}
	for name, want := range map[string]binding.Device{"cpu": binding.CPU, "auto": best} {
		got, err := binding.ParseDevice(name)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for i := range n {
		got, err := binding.ParseDevice(binding.CUDA(i).String())
		require.NoError(t, err)
		assert.Equal(t, binding.CUDA(i), got)
	}
}

func TestParseDeviceRefuses(t *testing.T) {
	for _, name := range []string{"", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:1.5", "cuda:x", "cuda:128", "cuda:256", "cuda:99999999999999999999", "cuda0", "cuda:100"} {
		_, err := binding.ParseDevice(name)
		assert.ErrorIs(t, err, binding.ErrDevice, "%q", name)
		assert.ErrorContains(t, err, name)
	}
}

func TestCUDAWhereThereIsNone(t *testing.T) {
	withoutCUDA(t)
	bindingtest.NoLeak(t)
	lib, err := binding.Load()
	require.NoError(t, err)
	_, err = binding.ParseDevice("cuda")
	assert.ErrorIs(t, err, binding.ErrDevice)
	if !lib.BuiltWithCUDA {
		assert.ErrorContains(t, err, "built without CUDA")
	}
	_, err = binding.NewGenerator(binding.CUDA(0), 1)
	assert.ErrorIs(t, err, binding.ErrDevice)
	assert.ErrorIs(t, binding.CUDA(0).Synchronize(), binding.ErrDevice)
	assert.NoError(t, binding.CPU.Synchronize())
	for _, index := range []int{0, 1, -1, 128, 256} {
		for name, ask := range map[string]func(*binding.Scope, binding.Device) binding.Tensor{
			"full": func(s *binding.Scope, on binding.Device) binding.Tensor { return s.Zeros(binding.Float32, on, 2) },
			"host": func(s *binding.Scope, on binding.Device) binding.Tensor {
				return s.FromFloat64s([]float64{1}, binding.Float32, on, 1)
			},
			"to": func(s *binding.Scope, on binding.Device) binding.Tensor {
				return s.To(vector(s, 1), binding.Float64, on)
			},
		} {
			s := bindingtest.Open(t)
			assert.False(t, ask(s, binding.CUDA(index)).Valid())
			require.ErrorIs(t, s.Err(), binding.ErrDevice, "%s on %d", name, index)
			assertReadable(t, s.Err().Error())
		}
	}
}
