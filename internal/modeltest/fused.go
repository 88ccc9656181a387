package modeltest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// Fused is a model that computes as one operation what is not recorded for autograd.
type Fused interface {
	Model
	LossAndGradient(s *binding.Scope, x, y binding.Tensor) nn.Loss
}

// FusedIsGeneric holds what a model computes as one operation against what it computes step by step, recorded for autograd.
// Random numbers start from the same seed.
func FusedIsGeneric[M Fused](t *testing.T, u Subject[M]) {
	recorded, fused := bindingtest.OpenSeeded(t, 7), bindingtest.OpenSeeded(t, 7, binding.NoGrad())
	tolerance := u.Tolerance()
	same := func(what string, of func(s *binding.Scope) []float64) {
		t.Helper()
		for _, s := range []*binding.Scope{recorded, fused} {
			require.NoError(t, s.Generator().Seed(7))
		}
		near(t, of(recorded), of(fused), tolerance, what)
	}
	x, y := u.Rows(fused)
	p := u.Model.Params()
	same("loss without gradient", func(s *binding.Scope) []float64 { return lossValues(t, s, u.Model.Loss(s, x, y)) })
	same("loss", func(s *binding.Scope) []float64 { return lossValues(t, s, differentiate(t, u.Model, s, x, y)) })

	gradients := func(s *binding.Scope) map[string][]float64 {
		s.Zero(p.Gradient())
		require.NoError(t, s.Generator().Seed(7))
		differentiate(t, u.Model, s, x, y)
		all := map[string][]float64{}
		for _, q := range p.List() {
			all[q.Name] = bindingtest.Float64s(t, s, s.Grad(q.Tensor()))
		}
		return all
	}
	got, want := gradients(fused), gradients(recorded)
	scale := 0.0
	for _, g := range want {
		scale = max(scale, floats.Norm(g, math.Inf(1)))
	}
	for name := range want {
		AssertClose(t, scaled(want[name], scale), scaled(got[name], scale), tolerance, "gradient of "+name)
	}
	fused.Zero(p.Gradient())

	same("log p", func(s *binding.Scope) []float64 {
		if u.Batch > 100 { // of which importance sampling would make very many
			return nil
		}
		return bindingtest.Float64s(t, s, u.Model.LogProb(s, x, y))
	})
	same("draws", func(s *binding.Scope) []float64 { return bindingtest.Float64s(t, s, u.Model.Sample(s, y)) })
	one := fused.Narrow(y, 0, 0, 1)
	repeated := fused.Expand(one, u.Batch, u.Conditions)
	same("draws under one condition", func(s *binding.Scope) []float64 {
		return bindingtest.Float64s(t, s, u.Model.Sample(s, repeated))
	})
	require.NoError(t, fused.Err())
}

// differentiate adds the gradient of the loss to the parameters', as one operation where the scope does not record.
func differentiate[M Fused](t *testing.T, m M, s *binding.Scope, x, y binding.Tensor) nn.Loss {
	t.Helper()
	if !s.Records() {
		return m.LossAndGradient(s, x, y)
	}
	loss := m.Loss(s, x, y)
	require.NoError(t, s.Backward(loss.Total))
	return loss
}

func lossValues(t *testing.T, s *binding.Scope, loss nn.Loss) []float64 {
	values := []float64{bindingtest.Item(t, s, loss.Total)}
	for _, term := range loss.Terms {
		values = append(values, bindingtest.Item(t, s, term.Value))
	}
	return values
}

// near asserts that no element is further from its counterpart than tolerance times the largest magnitude, or times 1.
func near(t *testing.T, want, got []float64, tolerance float64, what string) {
	t.Helper()
	scale := 1.0
	for _, w := range want {
		require.False(t, math.IsNaN(w) || math.IsInf(w, 0), "%s: %v is no number to compare with", what, w)
		scale = max(scale, math.Abs(w))
	}
	AssertClose(t, scaled(want, scale), scaled(got, scale), tolerance, what)
}

func scaled(values []float64, by float64) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = v / by
	}
	return all
}
