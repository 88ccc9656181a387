package cvae

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// eluOfMomentum returns a model whose draws are ELU of the only momentum.
func eluOfMomentum(t *testing.T, dtype binding.DType) subject {
	u := modeltest.NewSubject(t, New, Config{Dim: 1, Conditions: 1, Latent: 1, Hidden: []int64{1}}, modeltest.Case{Dim: 1, Conditions: 1, DType: dtype, Batch: 1})
	settle(t, u)
	for name, values := range map[string][]float64{
		"decoder.0.weight": {0, 1}, "decoder.0.bias": {0}, "decoder.1.weight": {1}, "decoder.1.bias": {0},
	} {
		modeltest.Set(t, u.Model.Params(), name, values...)
	}
	return u
}

// ELU of numbers of every size is what the library of mathematics says, to a unit in the last place of 1.
func TestFusedELU(t *testing.T) {
	for dtype, tolerance := range map[binding.DType]float64{binding.Float32: 1.5e-7, binding.Float64: 2.5e-16} {
		t.Run(dtype.String(), func(t *testing.T) {
			var at []float64
			for x := -20.0; x < 2; x += 1.0 / 1024 {
				at = append(at, float64(float32(x)))
			}
			for _, size := range []float64{1e-40, 1e-20, 1e-8, 50, 87, 88, 104, 200, 710, 750, 1e4, 1e9, 1e30} {
				at = append(at, float64(float32(-size)), float64(float32(size)))
			}
			at = append(at, 0, math.Copysign(0, -1), math.Inf(-1), math.Inf(1), math.NaN())
			u := eluOfMomentum(t, dtype)
			s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
			got := bindingtest.Float64s(t, s, u.Model.Sample(s, s.FromFloat64s(at, dtype, binding.CPU, int64(len(at)), 1)))
			for i, x := range at {
				want := x
				if x < 0 {
					want = math.Expm1(x)
				}
				switch {
				case math.IsNaN(x):
					assert.True(t, math.IsNaN(got[i]), "ELU of %g is %g", x, got[i])
				case x > 0:
					assert.Equal(t, want, got[i], "ELU of %g", x)
				default:
					assert.InDelta(t, want, got[i], tolerance, "ELU of %g", x)
				}
			}
			require.NoError(t, s.Err())
		})
	}
}
