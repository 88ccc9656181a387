package cvae

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/binding"
)

// The closed form of the divergence, against the mean of log q(z) - log p(z) over draws of q.
func TestDivergenceAgainstDraws(t *testing.T) {
	holdNothing(t)
	const rows, latentSize, draws = 6, 4, 20000
	m := newModel(t, Config{Dim: 3, Conditions: 2, Latent: latentSize, Hidden: []int64{8}}, binding.Float64, 1)
	perturb(t, m.Params(), 0.5)
	s := openScope(t, 0, binding.NoGrad())
	q := m.encode(s, normal(s, binding.Float64, 2, rows, 3), normal(s, binding.Float64, 3, rows, 2))
	mean, logVariance, divergence := values(t, s, q.mean), values(t, s, q.logVariance), values(t, s, q.divergence(s))
	epsilon := normals(5, rows*draws*latentSize)
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
	holdNothing(t)
	s := openScope(t, 0)
	zero := s.Zeros(binding.Float64, binding.CPU, 5, 3)
	assert.Equal(t, make([]float64, 5), values(t, s, latent{mean: zero, logVariance: zero}.divergence(s)))
}

// Settle's statistics are those of latent variables drawn for the training rows.
func TestSettleAgainstDraws(t *testing.T) {
	holdNothing(t)
	const rows, latentSize, repeats = 200, 3, 200
	m := newModel(t, Config{Dim: 4, Conditions: 2, Latent: latentSize, Hidden: []int64{8}, EncoderSeesConditions: true}, binding.Float64, 1)
	perturb(t, m.Params(), 0.5)
	s := openScope(t, 1, binding.NoGrad())
	x, y := normal(s, binding.Float64, 2, rows, 4), normal(s, binding.Float64, 3, rows, 2)
	require.NoError(t, m.Settle(s, x, y))
	q := m.encode(s, s.RepeatRows(x, repeats), s.RepeatRows(y, repeats))
	z := values(t, s, q.draw(s, s.Normal(binding.Float64, rows*repeats, latentSize)))
	mean, sd := values(t, s, m.latentMean.Tensor()), values(t, s, m.latentSD.Tensor())
	for l := range latentSize {
		var drawn []float64
		for k := l; k < len(z); k += latentSize {
			drawn = append(drawn, z[k])
		}
		found, spread := stat.MeanStdDev(drawn, nil)
		assert.InDelta(t, found, mean[l], 4*spread/math.Sqrt(rows*repeats), "mean of z%d", l)
		assert.InEpsilon(t, spread, sd[l], 0.02, "standard deviation of z%d", l)
	}
}

func TestSettleDependsOnlyOnItsRows(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Robust(3, 2), binding.Float32, 1)
	s := openScope(t, 0)
	settled := func(seed uint64, rows int64) []float64 {
		require.NoError(t, m.Settle(s, normal(s, binding.Float32, seed, rows, 3), normal(s, binding.Float32, seed+1, rows, 2)))
		return append(values(t, s, m.latentMean.Tensor()), values(t, s, m.latentSD.Tensor())...)
	}
	first := settled(1, 30)
	assert.NotEqual(t, first, settled(3, 1), "other rows")
	assert.Equal(t, first, settled(1, 30), "the same rows again")
}

// Before it has settled, a model draws from the prior that its loss is written for.
func TestUnsettledPriorIsStandardNormal(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)
	s := openScope(t, 0)
	assert.Equal(t, make([]float64, 9), values(t, s, m.latentMean.Tensor()))
	for _, sd := range values(t, s, m.latentSD.Tensor()) {
		assert.Equal(t, 1.0, sd)
	}
}

// A latent dimension that an encoder gave no spread must not make the density infinite.
func TestSettleKeepsTheSpreadPositive(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Config{Dim: 1, Conditions: 1, Latent: 1}, binding.Float32, 1)
	s := openScope(t, 0, binding.NoGrad())
	s.Zero(m.Params().Flat())
	bias := m.Params().List()[1]
	require.Equal(t, "encoder.0.bias", bias.Name)
	s.Copy(bias.Tensor(), s.FromFloat64s([]float64{2, -200}, binding.Float32, binding.CPU, 2)) // variance 0 in float32
	x := normal(s, binding.Float32, 1, 10, 1)
	require.NoError(t, m.Settle(s, x, x))
	assert.Equal(t, 2.0, item(t, s, m.latentMean.Tensor()))
	assert.InDelta(t, smallestSD, item(t, s, m.latentSD.Tensor()), 1e-12)
	finite, err := s.AllFinite(m.Sample(s, x))
	require.NoError(t, err)
	assert.True(t, finite)
}

// A latent variable that keeps all of x gives it back.
func TestRoundTripOfAnIdentity(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Config{Dim: 2, Conditions: 1, Latent: 2}, binding.Float64, 1)
	s := openScope(t, 0, binding.NoGrad())
	weights := map[string][]float64{
		"encoder.0.weight": {3, 0, 0, 2, 0, 0, 0, 0}, "encoder.0.bias": {1, -1, 0, 0},
		"decoder.0.weight": {1. / 3, 0, 0, 0, 1. / 2, 0}, "decoder.0.bias": {-1. / 3, 1. / 2},
	}
	for _, p := range m.Params().List() {
		require.Contains(t, weights, p.Name)
		s.Copy(p.Tensor(), s.FromFloat64s(weights[p.Name], binding.Float64, binding.CPU, p.Shape...))
	}
	x, y := normal(s, binding.Float64, 2, 10, 2), normal(s, binding.Float64, 3, 10, 1)
	assertClose(t, values(t, s, x), values(t, s, m.RoundTrip(s, x, y)), 1e-14, "round trip")
}
