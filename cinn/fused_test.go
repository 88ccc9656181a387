package cinn

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// fusedConfigs are small flows of all kinds that are one operation, of odd sizes.
func fusedConfigs() map[string]Config {
	return map[string]Config{
		"two networks":            {Dim: 9, Conditions: 9, Couplings: 4, Networks: 2, Hidden: []int64{128, 128}},
		"one network, clamped":    {Dim: 5, Conditions: 3, Couplings: 5, Networks: 1, Hidden: []int64{17, 33, 6}, Clamp: 1},
		"wide and odd":            {Dim: 3, Conditions: 2, Couplings: 2, Networks: 2, Hidden: []int64{300, 40, 47}, Clamp: 1},
		"without hidden layers":   {Dim: 2, Conditions: 1, Couplings: 3, Networks: 2, Clamp: 1},
		"normalised and permuted": {Dim: 5, Conditions: 3, Couplings: 4, Networks: 2, Hidden: []int64{7, 33}, Clamp: 1.5, ActNorm: true, Permutation: RandomPermutation},
		"with a trend":            {Dim: 3, Conditions: 2, Couplings: 4, Networks: 2, Hidden: []int64{10}, Clamp: 1, Trend: 2},
		"splines":                 {Dim: 9, Conditions: 4, Couplings: 3, Hidden: []int64{64, 64}, Coupling: SplineCoupling, Networks: 1},
		"splines, normalised":     {Dim: 2, Conditions: 1, Couplings: 3, Hidden: []int64{10}, Coupling: SplineCoupling, Networks: 1, Bins: 5, Bound: 1, ActNorm: true},
		"splines, permuted":       {Dim: 3, Conditions: 9, Couplings: 3, Coupling: SplineCoupling, Networks: 1, Bins: 5, Bound: 0.7, Permutation: RandomPermutation},
	}
}

func forEachFused(t *testing.T, batches []int64, test func(t *testing.T, u subject)) {
	for name, c := range fusedConfigs() {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
			for _, batch := range batches {
				t.Run(fmt.Sprintf("%s/%s/B=%d", name, dtype, batch), func(t *testing.T) {
					bindingtest.NoLeak(t)
					u := modeltest.NewSubject(t, New, c, modeltest.Case{Dim: c.Dim, Conditions: c.Conditions, DType: dtype, Batch: batch})
					start(t, u)
					modeltest.Perturb(t, u.Model.Params(), 0.05)
					test(t, u)
				})
			}
		}
	}
}

func TestFusedIsGeneric(t *testing.T) {
	forEachFused(t, []int64{1, 7, 64, 100, 512, 1300}, func(t *testing.T, u subject) {
		modeltest.FusedIsGeneric(t, u)
		recorded, fused := bindingtest.Open(t), bindingtest.Open(t, binding.NoGrad())
		x, y := u.Rows(fused)
		mapped := func(s *binding.Scope) [][]float64 {
			z, logDet := u.Model.Forward(s, x, y)
			return [][]float64{bindingtest.Float64s(t, s, z), bindingtest.Float64s(t, s, logDet), bindingtest.Float64s(t, s, u.Model.Inverse(s, s.Detach(x), y))}
		}
		want, got := mapped(recorded), mapped(fused)
		for i, what := range []string{"z", "log|det|", "inverse"} {
			modeltest.AssertClose(t, want[i], got[i], u.Tolerance(), what)
		}
		z, _ := u.Model.Forward(fused, x, y)
		modeltest.AssertClose(t, bindingtest.Float64s(t, fused, x), bindingtest.Float64s(t, fused, u.Model.Inverse(fused, z, y)), u.Tolerance(), "round trip")
	})
}

func TestFusedOnEachProcessor(t *testing.T) {
	modeltest.OnEachProcessor(t, "^(TestFusedIsGeneric|TestFusedShowsWhatIsNoNumber)$/./float/B=(1|7|100)$")
}

// What is not one operation is found step by step, in a scope that records.
func TestLearnedPermutationsAreDifferentiatedStepByStep(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Config{Dim: 3, Conditions: 2, Couplings: 3, Networks: 2, Hidden: []int64{10}, Clamp: 1, Permutation: LinearPermutation}
	m := newModel(t, c, binding.Float64, 1)
	s := bindingtest.Open(t)
	x, y, g := modeltest.Normal(s, binding.Float64, 2, 7, 3), modeltest.Normal(s, binding.Float64, 3, 7, 2), m.Params().Gradient()
	loss := m.Loss(s, x, y).Total
	require.NoError(t, s.Backward(loss))
	want := bindingtest.Float64s(t, s, g)
	s.Zero(g)
	assert.Equal(t, bindingtest.Item(t, s, loss), bindingtest.Item(t, s, m.LossAndGradient(s, x, y).Total))
	assert.Equal(t, want, bindingtest.Float64s(t, s, g))
}

// The rows that a panel has beyond the batch count nothing, whatever the networks would give for zeros.
func TestFusedIsOfTheBatchAlone(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Config{Dim: 2, Conditions: 1, Couplings: 1, Networks: 2}, binding.Float32, 1)
	modeltest.Set(t, m.Params(), "coupling.0.scale.0.weight", 0, -200)
	modeltest.Set(t, m.Params(), "coupling.0.scale.0.bias", 200) // overflows but where y is near 1
	s := bindingtest.Open(t, binding.NoGrad())
	y := s.Full(1, binding.Float32, binding.CPU, 5, 1)
	loss := bindingtest.Item(t, s, m.LossAndGradient(s, modeltest.Normal(s, binding.Float32, 2, 5, 2), y).Total)
	modeltest.AssertFinite(t, append(bindingtest.Float64s(t, s, m.Params().Gradient()), loss))
}

// Every row has its own condition, recorded or not.
func TestFusedRefusesOneConditionForManyRows(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Reference(3, 3), binding.Float64, 1)
	for _, shape := range []struct{ x, y []int64 }{{[]int64{5, 3}, []int64{1, 3}}, {[]int64{1, 3}, []int64{5, 3}}, {[]int64{5, 3}, []int64{4, 3}}} {
		for name, call := range map[string]func(s *binding.Scope, x, y binding.Tensor){
			"loss":     func(s *binding.Scope, x, y binding.Tensor) { m.Loss(s, x, y) },
			"gradient": func(s *binding.Scope, x, y binding.Tensor) { m.LossAndGradient(s, x, y) },
			"log p":    func(s *binding.Scope, x, y binding.Tensor) { m.LogProb(s, x, y) },
		} {
			for _, options := range [][]binding.Option{nil, {binding.NoGrad()}} {
				s := bindingtest.Open(t, options...)
				call(s, s.Zeros(binding.Float64, binding.CPU, shape.x...), s.Zeros(binding.Float64, binding.CPU, shape.y...))
				assert.ErrorIs(t, s.Err(), binding.ErrShape, "%s of x %v, y %v", name, shape.x, shape.y)
			}
		}
	}
}

func TestFusedByThreads(t *testing.T) {
	forEachFused(t, []int64{2, 100}, modeltest.FusedByThreads[*Model])
}

func TestFusedShowsWhatIsNoNumber(t *testing.T) {
	forEachFused(t, []int64{7}, func(t *testing.T, u subject) { modeltest.FusedShowsWhatIsNoNumber(t, u) })
}

// A training with gradients found as one operation goes the way of one with recorded gradients. With CEI_TEST_FULL=1 it does
// so at full size.
func TestFusedTrainsAsGeneric(t *testing.T) {
	full, _ := strconv.ParseBool(os.Getenv("CEI_TEST_FULL"))
	for name, c := range map[string]Config{"reference": Reference(9, 9), "robust": Robust(9, 9, manyRows), "robust, few rows": Robust(9, 9, 1000)} {
		c.Trend = min(c.Trend, 1)
		batch := int64(512)
		if !full {
			batch = 24
			c.Couplings, c.Hidden = min(c.Couplings, 8), []int64{16, 16}
		}
		for dtype, tolerance := range map[binding.DType]float64{binding.Float32: 1e-4, binding.Float64: 1e-10} {
			t.Run(fmt.Sprintf("%s/%s", name, dtype), func(t *testing.T) {
				bindingtest.NoLeak(t)
				worst := modeltest.TrainsAlike(t, New, c, modeltest.Case{Dim: 9, Conditions: 9, DType: dtype, Batch: batch}, 200)
				t.Logf("largest relative difference of the loss in 200 steps: %.2g", worst)
				assert.LessOrEqual(t, worst, tolerance)
			})
		}
	}
}
