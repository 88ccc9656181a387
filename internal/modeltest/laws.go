package modeltest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func shapesFollowTheBatch[M Model](t *testing.T, u Subject[M]) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	assert.Equal(t, []int64{u.Batch, u.Dim}, bindingtest.Shape(t, s, u.Model.RoundTrip(s, x, y)))
	assert.Equal(t, []int64{u.Batch}, bindingtest.Shape(t, s, u.Model.LogProb(s, x, y)))
	assert.Equal(t, []int64{u.Batch, u.Dim}, bindingtest.Shape(t, s, u.Model.Sample(s, y)))
	assert.Equal(t, []int64{}, bindingtest.Shape(t, s, u.Model.Loss(s, x, y).Total))
}

func lossIsTheSumOfItsTerms[M Model](t *testing.T, u Subject[M]) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	loss := u.Model.Loss(s, x, y)
	total := bindingtest.Item(t, s, loss.Total)
	requireFinite(t, total, "loss")
	sum := 0.0
	for _, term := range loss.Terms {
		sum += bindingtest.Item(t, s, term.Value)
	}
	AssertClose(t, []float64{sum}, []float64{total}, 1e-6, "sum of terms")
}

func requireFinite(t *testing.T, value float64, what string) {
	t.Helper()
	require.False(t, math.IsNaN(value) || math.IsInf(value, 0), "%s: %v", what, value)
}

func everyParameterHasAGradient[M Model](t *testing.T, u Subject[M]) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	s.Zero(u.Model.Params().Gradient())
	require.NoError(t, s.Backward(u.Model.Loss(s, x, y).Total))
	for _, p := range u.Model.Params().List() {
		largest := 0.0
		for _, g := range bindingtest.Float64s(t, s, s.Grad(p.Tensor())) {
			requireFinite(t, g, "gradient of "+p.Name)
			largest = max(largest, math.Abs(g))
		}
		assert.Positive(t, largest, "gradient of %s", p.Name)
	}
}

// gradientIsTheSlope walks a little to both sides along a random direction, with the same random numbers in each loss.
func gradientIsTheSlope[M Model](t *testing.T, u Subject[M]) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	loss := func() binding.Tensor {
		require.NoError(t, s.Generator().Seed(6))
		return u.Model.Loss(s, x, y).Total
	}
	p := u.Model.Params()
	s.Zero(p.Gradient())
	require.NoError(t, s.Backward(loss()))
	n := int64(p.Count())
	direction := s.Reshape(Normal(s, u.DType, 4, n, 1), n)
	slope := bindingtest.Item(t, s, s.Sum(s.Mul(direction, p.Gradient())))

	const step = 1e-7 // small, so that few rows come to the knots of a spline, where the slope of its loss has a step
	start := s.Clone(p.Flat())
	lossAt := func(way float64) float64 {
		s.Copy(p.Flat(), s.Add(start, s.Scale(direction, way)))
		return bindingtest.Item(t, s, loss())
	}
	difference := (lossAt(step) - lossAt(-step)) / (2 * step)
	s.Copy(p.Flat(), start)
	require.NoError(t, s.Err())
	AssertClose(t, []float64{difference}, []float64{slope}, 1e-5, "slope along a direction")
}

func aRowIsAlone[M Model](t *testing.T, u Subject[M]) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	row := u.Batch / 2
	all := s.Narrow(u.Model.RoundTrip(s, x, y), 0, row, 1)
	alone := u.Model.RoundTrip(s, s.Narrow(x, 0, row, 1), s.Narrow(y, 0, row, 1))
	AssertClose(t, bindingtest.Float64s(t, s, all), bindingtest.Float64s(t, s, alone), u.Tolerance(), "round trip of a row without the others")
}

func everyConditionMatters[M Model](t *testing.T, u Subject[M]) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	s.RequireGrad(y)
	for i, g := range bindingtest.Float64s(t, s, s.Gradient(u.Model.LogProb(s, x, y), y)[0]) {
		assert.NotZero(t, g, "slope of log p along momentum %d", i)
	}
	for i, g := range bindingtest.Float64s(t, s, s.Gradient(u.Model.Sample(s, y), y)[0]) {
		assert.NotZero(t, g, "slope of draws along momentum %d", i)
	}
}

func drawsFollowTheSeed[M Model](t *testing.T, u Subject[M]) {
	first := u.Draw(t, 7)
	assert.Equal(t, first, u.Draw(t, 7))
	AssertClose(t, first, u.Draw(t, 7, binding.NoGrad()), u.Tolerance(), "draws not recorded for autograd")
	for i, v := range u.Draw(t, 8) {
		assert.NotEqual(t, first[i], v, "another seed, element %d", i)
	}
	assert.Equal(t, u.LogProb(t, 7), u.LogProb(t, 7))
}

// judgingChangesNothing: what a model was shown in evaluation, or in a backward pass without a step, is not in it
// afterwards.
func judgingChangesNothing[M Model](t *testing.T, u Subject[M]) {
	before := Encode(t, u.Model.Params())
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	u.Model.LogProb(s, x, y)
	u.Model.RoundTrip(s, x, y)
	u.Model.Sample(s, y)
	require.NoError(t, s.Backward(u.Model.Loss(s, x, y).Total))
	assert.Equal(t, before, Encode(t, u.Model.Params()))
}

func savedWeightsAreTheSame[M Model](t *testing.T, u Subject[M]) {
	data := Encode(t, u.Model.Params())
	loaded := u
	loaded.Model = u.another(t, 5)
	require.NotEqual(t, u.Draw(t, 7), loaded.Draw(t, 7), "the weights differ until they are loaded")
	require.NoError(t, loaded.Model.Params().Decode(data))

	assert.Equal(t, u.Draw(t, 7), loaded.Draw(t, 7), "what the model settled on is saved with it")
	assert.Equal(t, u.LogProb(t, 7), loaded.LogProb(t, 7))
	assert.Equal(t, data, Encode(t, loaded.Model.Params()))
}
