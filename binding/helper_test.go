package binding_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Short names, for expressions that read several tensors.
var (
	float64s = bindingtest.Float64s
	item     = bindingtest.Item
)

// withoutCUDA skips the test where there is a CUDA device.
func withoutCUDA(t *testing.T) {
	t.Helper()
	if n, err := binding.CUDADevices(); err != nil || n > 0 {
		t.Skipf("this test needs a machine without CUDA devices; there are %d (%v)", n, err)
	}
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
