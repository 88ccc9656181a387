package cinn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// holdNothing fails the test if it leaves native tensors or generators behind. It must come before all that is closed
// at the test's end.
func holdNothing(t *testing.T) {
	t.Helper()
	tensors, generators, err := binding.Live()
	require.NoError(t, err)
	t.Cleanup(func() {
		tensorsAfter, generatorsAfter, err := binding.Live()
		require.NoError(t, err)
		assert.Equal(t, [2]int{tensors, generators}, [2]int{tensorsAfter, generatorsAfter}, "live tensors and generators")
	})
}

func newModel(t *testing.T, c Config, dtype binding.DType, seed uint64) *Model {
	t.Helper()
	m, err := New(c, nn.Placement{DType: dtype, Seed: seed})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.Close()) })
	return m
}

// openScope opens a scope whose random numbers start from seed.
func openScope(t *testing.T, seed uint64, options ...binding.Option) *binding.Scope {
	t.Helper()
	g, err := binding.NewGenerator(binding.CPU, seed)
	require.NoError(t, err)
	s := binding.NewScope(append(options, binding.WithGenerator(g))...)
	t.Cleanup(func() {
		assert.NoError(t, s.Close())
		assert.NoError(t, g.Close())
	})
	return s
}

// normal returns a tensor [rows,columns] of normal numbers that follow from seed.
func normal(s *binding.Scope, dtype binding.DType, seed uint64, rows, columns int64) binding.Tensor {
	return s.FromFloat64s(normals(seed, int(rows*columns)), dtype, binding.CPU, rows, columns)
}

func normals(seed uint64, n int) []float64 {
	random := rand.New(rand.NewPCG(seed, 1))
	data := make([]float64, n)
	for i := range data {
		data[i] = random.NormFloat64()
	}
	return data
}

// perturb moves all weights off their first values, so that none is at a special one such as zero.
func perturb(t *testing.T, p *nn.Params, size float64) {
	t.Helper()
	s := binding.NewScope(binding.NoGrad())
	noise := s.FromFloat64s(normals(99, p.Count()), p.DType(), p.Device(), int64(p.Count()))
	s.Copy(p.Flat(), s.Add(p.Flat(), s.Scale(noise, size)))
	require.NoError(t, s.Err())
	require.NoError(t, s.Close())
}

func values(t *testing.T, s *binding.Scope, of binding.Tensor) []float64 {
	t.Helper()
	data, err := s.Float64s(of)
	require.NoError(t, err)
	return data
}

func item(t *testing.T, s *binding.Scope, of binding.Tensor) float64 {
	t.Helper()
	v, err := s.Item(of)
	require.NoError(t, err)
	return v
}

func requireShape(t *testing.T, s *binding.Scope, of binding.Tensor, want ...int64) {
	t.Helper()
	got, err := s.Shape(of)
	require.NoError(t, err)
	require.Equal(t, append([]int64{}, want...), got)
}

// assertClose compares elements within tolerance, absolute for numbers below 1 and relative above.
func assertClose(t *testing.T, want, got []float64, tolerance float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*max(1, math.Abs(want[i]))) {
			assert.Failf(t, "not close", "%s: element %d is %v, want %v within %g", what, i, got[i], want[i], tolerance)
			return
		}
	}
}

// manyRows is a number of training rows for which Robust has the reference's size.
const manyRows = 100000
