package binding_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// plainAdam is the step as its paper and that of AdamW write it down. It returns the gradient's norm.
func plainAdam(a binding.AdamStep, p, g, m, v []float64) float64 {
	norm := 0.0
	for _, x := range g {
		norm += x * x
	}
	norm = math.Sqrt(norm)
	factor := 1.0
	if a.ClipNorm > 0 && norm > a.ClipNorm {
		factor = a.ClipNorm / norm
	}
	for i := range p {
		slope := factor * g[i]
		if a.Decoupled {
			p[i] -= a.Rate * a.WeightDecay * p[i]
		} else {
			slope += a.WeightDecay * p[i]
		}
		m[i] = a.Beta1*m[i] + (1-a.Beta1)*slope
		v[i] = a.Beta2*v[i] + (1-a.Beta2)*slope*slope
		meanHat := m[i] / (1 - math.Pow(a.Beta1, float64(a.Step)))
		squareHat := v[i] / (1 - math.Pow(a.Beta2, float64(a.Step)))
		p[i] -= a.Rate * meanHat / (math.Sqrt(squareHat) + a.Epsilon)
	}
	return norm
}

// The large array spans several of the blocks that threads share.
func TestAdamIsItsEquations(t *testing.T) {
	bindingtest.NoLeak(t)
	steps := []binding.AdamStep{
		{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}, {Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0.1},
		{Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, WeightDecay: 0.1, Decoupled: true}, {Beta1: 0, Beta2: 0, Epsilon: 1e-8, ClipNorm: 0.5},
		{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, ClipNorm: 1e9, WeightDecay: 0.01, Decoupled: true},
	}
	for _, on := range bindingtest.Devices(t) {
		for dtype, tolerance := range map[binding.DType]float64{binding.Float64: 1e-13, binding.Float32: 1e-5} {
			for _, n := range []int64{1, 7, 100_003} {
				for i, a := range steps {
					t.Run(fmt.Sprintf("%v/%v/%d/%d", on, dtype, n, i), func(t *testing.T) { checkAdam(t, a, dtype, on, n, tolerance) })
				}
			}
		}
	}
}

func checkAdam(t *testing.T, a binding.AdamStep, dtype binding.DType, on binding.Device, n int64, tolerance float64) {
	s := bindingtest.Open(t)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	p, m, v := draw(r, n, normal), make([]float64, n), make([]float64, n)
	held := tensors(s, []array{{[]int64{n}, p}, {[]int64{n}, m}, {[]int64{n}, m}, {[]int64{n}, v}}, dtype, on)
	for a.Step = 1; a.Step <= 4; a.Step++ {
		a.Rate = 0.01 * float64(a.Step)
		g := draw(r, n, normal)
		s.Copy(held[1], s.FromFloat64s(g, dtype, on, n))
		got := item(t, s, s.Adam(a, held[0], held[1], held[2], held[3]))
		want := plainAdam(a, p, g, m, v)
		assert.InEpsilon(t, want, got, tolerance)
		for j, what := range [][]float64{p, make([]float64, n), m, v} {
			near(t, what, float64s(t, s, held[j]), tolerance, "step", a.Step, "array", j)
		}
	}
}

func TestAdamDoesNotDependOnTheNumberOfThreads(t *testing.T) {
	bindingtest.NoLeak(t)
	before, err := binding.Threads()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, binding.SetThreads(before)) })
	const n = 200_001
	r := rand.New(rand.NewPCG(3, 4))
	p, g := draw(r, n, normal), draw(r, n, normal)
	var results [][]float64
	for _, threads := range []int{1, 2, 5} {
		require.NoError(t, binding.SetThreads(threads))
		s := bindingtest.Open(t)
		zero := make([]float64, n)
		held := tensors(s, []array{{[]int64{n}, p}, {[]int64{n}, g}, {[]int64{n}, zero}, {[]int64{n}, zero}}, binding.Float32, binding.CPU)
		norm := s.Adam(binding.AdamStep{Step: 1, Rate: 0.1, Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-8, ClipNorm: 1}, held[0], held[1], held[2], held[3])
		results = append(results, append(float64s(t, s, held[0]), item(t, s, norm)))
	}
	assert.Equal(t, results[0], results[1])
	assert.Equal(t, results[0], results[2])
}

func TestAdamOfNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	assert.Equal(t, 0.0, item(t, s, s.Adam(binding.AdamStep{Step: 1}, zeros(s, 0), zeros(s, 0), zeros(s, 0), zeros(s, 0))))
}
