package binding_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

// noLeak asserts, when the test ends, that as many native tensors and generators live as at the call.
func noLeak(t testing.TB) {
	t.Helper()
	tensors, generators, err := binding.Live()
	require.NoError(t, err)
	t.Cleanup(func() {
		tensorsNow, generatorsNow, err := binding.Live()
		assert.NoError(t, err)
		assert.Equal(t, tensors, tensorsNow, "live tensors")
		assert.Equal(t, generators, generatorsNow, "live generators")
	})
}

// open returns a scope that is closed when the test ends.
func open(t testing.TB, options ...binding.Option) *binding.Scope {
	t.Helper()
	s := binding.NewScope(options...)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// generator returns a generator on the CPU that is closed when the test ends.
func generator(t testing.TB, seed uint64) *binding.Generator {
	t.Helper()
	g, err := binding.NewGenerator(binding.CPU, seed)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, g.Close()) })
	return g
}

// devices returns the CPU and, where there is one, a CUDA device.
func devices(t testing.TB) []binding.Device {
	t.Helper()
	n, err := binding.CUDADevices()
	require.NoError(t, err)
	if n == 0 {
		return []binding.Device{binding.CPU}
	}
	return []binding.Device{binding.CPU, binding.CUDA(0)}
}

// withoutCUDA skips the test where there is a CUDA device.
func withoutCUDA(t *testing.T) {
	t.Helper()
	if n, err := binding.CUDADevices(); err != nil || n > 0 {
		t.Skipf("this test needs a machine without CUDA devices; there are %d (%v)", n, err)
	}
}

func float64s(t testing.TB, s *binding.Scope, x binding.Tensor) []float64 {
	t.Helper()
	values, err := s.Float64s(x)
	require.NoError(t, err)
	return values
}

func item(t testing.TB, s *binding.Scope, x binding.Tensor) float64 {
	t.Helper()
	value, err := s.Item(x)
	require.NoError(t, err)
	return value
}

func shapeOf(t testing.TB, s *binding.Scope, x binding.Tensor) []int64 {
	t.Helper()
	shape, err := s.Shape(x)
	require.NoError(t, err)
	return shape
}

// vector returns a float64 tensor [len(values)] on the CPU.
func vector(s *binding.Scope, values ...float64) binding.Tensor {
	return s.FromFloat64s(values, binding.Float64, binding.CPU, int64(len(values)))
}

func normal(r *rand.Rand) float64 { return r.NormFloat64() }

func draw(r *rand.Rand, n int64, from func(*rand.Rand) float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = from(r)
	}
	return values
}

// near asserts that no element is further from its counterpart than tolerance times the largest magnitude, or times 1.
func near(t testing.TB, want, got []float64, tolerance float64, what ...any) {
	t.Helper()
	if !assert.Len(t, got, len(want), what...) {
		return
	}
	scale := 1.0
	for _, w := range want {
		if !math.IsInf(w, 0) {
			scale = max(scale, math.Abs(w))
		}
	}
	for i := range want {
		if want[i] == got[i] {
			continue
		}
		if !(math.Abs(want[i]-got[i]) <= tolerance*scale) {
			assert.Fail(t, "too far apart", "element %d of %d: want %v, got %v, tolerance %g; %v", i, len(want), want[i], got[i], tolerance*scale, what)
			return
		}
	}
}
