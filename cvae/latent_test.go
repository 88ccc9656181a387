package cvae

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// The closed form of the divergence, against the mean of log q(z) - log p(z) over draws of q.
func TestDivergenceAgainstDraws(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows, latentSize, draws = 6, 4, 20000
	m := newModel(t, Config{Dim: 3, Conditions: 2, Latent: latentSize, Hidden: []int64{8}}, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.5)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	q := m.encode(s, modeltest.Normal(s, binding.Float64, 2, rows, 3), modeltest.Normal(s, binding.Float64, 3, rows, 2))
	mean, logVariance, divergence := bindingtest.Float64s(t, s, q.mean), bindingtest.Float64s(t, s, q.logVariance), bindingtest.Float64s(t, s, q.divergence(s))
	epsilon := modeltest.Normals(5, rows*draws*latentSize)
	for i := range rows {
		ratios := make([]float64, draws)
		for k := range ratios {
			for l := range latentSize {
				n := distuv.Normal{Mu: mean[i*latentSize+l], Sigma: math.Exp(logVariance[i*latentSize+l] / 2)}
				z := n.Mu + n.Sigma*epsilon[(i*draws+k)*latentSize+l]
				ratios[k] += n.LogProb(z) - distuv.UnitNormal.LogProb(z)
			}
		}
		found, sd := stat.MeanStdDev(ratios, nil)
		assert.InDelta(t, found, divergence[i], 4*sd/math.Sqrt(draws), "row %d", i)
		assert.Greater(t, divergence[i], 10*sd/math.Sqrt(draws), "row %d: large enough to tell from zero", i)
	}
}

func TestDivergenceVanishesAtThePrior(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.OpenSeeded(t, 0)
	zero := s.Zeros(binding.Float64, binding.CPU, 5, 3)
	assert.Equal(t, make([]float64, 5), bindingtest.Float64s(t, s, latent{mean: zero, logVariance: zero}.divergence(s)))
}

// Settle's statistics are those of latent variables drawn for the training rows.
func TestSettleAgainstDraws(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows, latentSize, repeats = 200, 3, 200
	m := newModel(t, Config{Dim: 4, Conditions: 2, Latent: latentSize, Hidden: []int64{8}, EncoderSeesConditions: true}, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.5)
	s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
	x, y := modeltest.Normal(s, binding.Float64, 2, rows, 4), modeltest.Normal(s, binding.Float64, 3, rows, 2)
	require.NoError(t, m.Settle(t.Context(), s, x, y))
	q := m.encode(s, s.RepeatRows(x, repeats), s.RepeatRows(y, repeats))
	z := bindingtest.Float64s(t, s, q.draw(s, s.Normal(binding.Float64, rows*repeats, latentSize)))
	mean, sd := bindingtest.Float64s(t, s, m.latentMean.Tensor()), bindingtest.Float64s(t, s, m.latentSD.Tensor())
	for l := range latentSize {
		drawn := modeltest.Column(z, l, latentSize)
		found, spread := stat.MeanStdDev(drawn, nil)
		assert.InDelta(t, found, mean[l], 4*spread/math.Sqrt(rows*repeats), "mean of z%d", l)
		// The relative standard error of a standard deviation: some rows' variances are far above the others'.
		relative := math.Sqrt((stat.ExKurtosis(drawn, nil) + 2) / (4 * rows * repeats))
		assert.InEpsilon(t, spread, sd[l], 5*relative, "standard deviation of z%d", l)
	}
}

func TestSettleDependsOnlyOnItsRows(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(3, 2, 1000)
	c.LearnedPrior = false // which has nothing to settle
	m := newModel(t, c, binding.Float32, 1)
	s := bindingtest.OpenSeeded(t, 0)
	settled := func(seed uint64, rows int64) []float64 {
		require.NoError(t, m.Settle(t.Context(), s, modeltest.Normal(s, binding.Float32, seed, rows, 3), modeltest.Normal(s, binding.Float32, seed+1, rows, 2)))
		return append(bindingtest.Float64s(t, s, m.latentMean.Tensor()), bindingtest.Float64s(t, s, m.latentSD.Tensor())...)
	}
	first := settled(1, 30)
	assert.NotEqual(t, first, settled(3, 1), "other rows")
	assert.Equal(t, first, settled(1, 30), "the same rows again")
}

// Rows are settled on block by block, and that shows in nothing but memory.
func TestSettleSeesAllRowsTogether(t *testing.T) {
	bindingtest.NoLeak(t)
	const latentSize = 3
	m := newModel(t, Config{Dim: 2, Conditions: 1, Latent: latentSize, Hidden: []int64{8}}, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.5)
	s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
	for _, rows := range []int64{settledAtOnce, settledAtOnce + 1, 2*settledAtOnce + 999} {
		x, y := modeltest.Normal(s, binding.Float64, 2, rows, 2), modeltest.Normal(s, binding.Float64, 3, rows, 1)
		x = s.Cat(0, s.Affine(s.Narrow(x, 0, 0, rows/2), 1, 3), s.Narrow(x, 0, rows/2, rows-rows/2)) // blocks are not alike
		require.NoError(t, m.Settle(t.Context(), s, x, y))
		q := m.encode(s, m.residual(s, x, y), y)
		variance := s.Add(s.Variance(q.mean, 0), s.Mean(s.Exp(q.logVariance), 0))
		assert.InDeltaSlice(t, bindingtest.Float64s(t, s, s.Mean(q.mean, 0)), bindingtest.Float64s(t, s, m.latentMean.Tensor()), 1e-12)
		assert.InDeltaSlice(t, bindingtest.Float64s(t, s, s.Affine(s.Sqrt(variance), 1, smallestSD)), bindingtest.Float64s(t, s, m.latentSD.Tensor()), 1e-12)
	}
}

// Before it has settled, a model draws from the prior that its loss is written for.
func TestUnsettledPriorIsStandardNormal(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0)
	assert.Equal(t, make([]float64, 9), bindingtest.Float64s(t, s, m.latentMean.Tensor()))
	for _, sd := range bindingtest.Float64s(t, s, m.latentSD.Tensor()) {
		assert.Equal(t, 1.0, sd)
	}
}

// A latent dimension that an encoder gave no spread must not make the density infinite.
func TestSettleKeepsTheSpreadPositive(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Config{Dim: 1, Conditions: 1, Latent: 1}, binding.Float32, 1)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	s.Zero(m.Params().Flat())
	modeltest.Set(t, m.Params(), "encoder.0.bias", 2, -200) // variance 0 in float32
	x := modeltest.Normal(s, binding.Float32, 1, 10, 1)
	require.NoError(t, m.Settle(t.Context(), s, x, x))
	assert.Equal(t, 2.0, bindingtest.Item(t, s, m.latentMean.Tensor()))
	assert.InDelta(t, smallestSD, bindingtest.Item(t, s, m.latentSD.Tensor()), 1e-12)
	finite, err := s.AllFinite(m.Sample(s, x))
	require.NoError(t, err)
	assert.True(t, finite)
}

// A latent variable that keeps all of x gives it back.
func TestRoundTripOfAnIdentity(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Config{Dim: 2, Conditions: 1, Latent: 2}, binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	modeltest.SetAll(t, m.Params(), map[string][]float64{
		"encoder.0.weight": {3, 0, 0, 2, 0, 0, 0, 0}, "encoder.0.bias": {1, -1, 0, 0},
		"decoder.0.weight": {1. / 3, 0, 0, 0, 1. / 2, 0}, "decoder.0.bias": {-1. / 3, 1. / 2},
	})
	x, y := modeltest.Normal(s, binding.Float64, 2, 10, 2), modeltest.Normal(s, binding.Float64, 3, 10, 1)
	modeltest.AssertClose(t, bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, m.RoundTrip(s, x, y)), 1e-14, "round trip")
}
