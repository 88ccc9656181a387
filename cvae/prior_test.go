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

// learnedPrior is a small model whose prior has moved off its start.
func learnedPrior(t *testing.T) *Model {
	m := newModel(t, Config{Dim: 3, Conditions: 2, Latent: 4, Hidden: []int64{8}, LearnedVariance: true, LearnedPrior: true}, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.5)
	return m
}

// The closed form of the divergence between two normal distributions, against that of each component's by gonum, and
// the log-density of the prior against gonum's.
func TestDivergenceFromALearnedPrior(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows, latentSize = 6, 4
	m := learnedPrior(t)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y, z := modeltest.Normal(s, binding.Float64, 2, rows, 3), modeltest.Normal(s, binding.Float64, 3, rows, 2), modeltest.Normal(s, binding.Float64, 4, rows, latentSize)
	q, p := m.encode(s, x, y), m.priorOf(s, y)
	divergence, logDensity, at := bindingtest.Float64s(t, s, m.divergence(s, q, y)), bindingtest.Float64s(t, s, m.latentPrior(s, y, 1)(z)), bindingtest.Float64s(t, s, z)
	normals := func(l latent) (all []distuv.Normal) {
		mean, logVariance := bindingtest.Float64s(t, s, l.mean), bindingtest.Float64s(t, s, l.logVariance)
		for i := range mean {
			all = append(all, distuv.Normal{Mu: mean[i], Sigma: math.Exp(logVariance[i] / 2)})
		}
		return all
	}
	from, to := normals(q), normals(p)
	for i := range rows {
		var wantDivergence, wantDensity float64
		for k := i * latentSize; k < (i+1)*latentSize; k++ {
			wantDivergence += distuv.KullbackLeibler{}.DistNormal(from[k], to[k])
			wantDensity += to[k].LogProb(at[k])
		}
		assert.InDelta(t, wantDivergence, divergence[i], 1e-12*max(1, wantDivergence))
		assert.InDelta(t, wantDensity, logDensity[i], 1e-12*max(1, -wantDensity))
	}
}

// A prior that has learned nothing is the standard normal one.
func TestLearnedPriorStartsStandardNormal(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(3, 2, 1000)
	c.LearnedPrior = true
	m := newModel(t, c, binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := modeltest.Normal(s, binding.Float64, 2, 5, 3), modeltest.Normal(s, binding.Float64, 3, 5, 2)
	q := m.encode(s, x, y)
	modeltest.AssertClose(t, bindingtest.Float64s(t, s, q.divergence(s)), bindingtest.Float64s(t, s, m.divergence(s, q, y)), 1e-14, "divergence")
}

// Draws follow the prior of their own momenta.
func TestDrawsFollowTheLearnedPrior(t *testing.T) {
	bindingtest.NoLeak(t)
	const draws = 20000
	m := learnedPrior(t)
	s := bindingtest.OpenSeeded(t, 5, binding.NoGrad())
	y := modeltest.Normal(s, binding.Float64, 3, 1, 2)
	z := m.drawLatent(s, s.Normal(binding.Float64, draws, 4), s.RepeatRows(y, draws))
	drawn, p := bindingtest.Float64s(t, s, z), m.priorOf(s, y)
	mean, logVariance := bindingtest.Float64s(t, s, p.mean), bindingtest.Float64s(t, s, p.logVariance)
	for l := range mean {
		found, sd := stat.MeanStdDev(modeltest.Column(drawn, l, 4), nil)
		assert.InDelta(t, mean[l], found, 5*sd/math.Sqrt(draws))
		assert.InEpsilon(t, math.Exp(logVariance[l]/2), sd, 5/math.Sqrt(2*draws))
	}
}

// The bound of the density is one of a density: its exponential integrates to one, or a little less.
func TestBoundWithALearnedPriorIsADensity(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Config{Dim: 1, Conditions: 1, Latent: 1, Hidden: []int64{6}, LearnedVariance: true, LearnedPrior: true, EncoderSeesConditions: true}, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.1)
	s := bindingtest.OpenSeeded(t, 5, binding.NoGrad())
	const points, low, high = 20000, -30.0, 30.0
	grid := make([]float64, points)
	for i := range grid {
		grid[i] = low + (high-low)*(float64(i)+0.5)/points
	}
	x := s.FromFloat64s(grid, binding.Float64, binding.CPU, points, 1)
	y := s.Full(0.7, binding.Float64, binding.CPU, points, 1)
	mass := 0.0
	for _, l := range bindingtest.Float64s(t, s, m.LogProb(s, x, y)) {
		mass += math.Exp(l) * (high - low) / points
	}
	assert.InDelta(t, 1, mass, 0.02) // five standard deviations over seeds
}

// While it warms up, the divergence counts in part; a model that was told nothing is past that.
func TestDivergenceWarmsUp(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(3, 2, 1000)
	c.KLWarmupEpochs = 4
	m := newModel(t, c, binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y, epsilon := modeltest.Normal(s, binding.Float64, 2, 8, 3), modeltest.Normal(s, binding.Float64, 3, 8, 2), modeltest.Normal(s, binding.Float64, 4, 8, c.Latent)
	terms := func() []float64 {
		loss := m.lossWith(s, x, y, epsilon)
		return []float64{bindingtest.Item(t, s, loss.Terms[0].Value), bindingtest.Item(t, s, loss.Terms[1].Value), bindingtest.Item(t, s, loss.Total)}
	}
	full := terms()
	require.Positive(t, full[1])
	for epochs, share := range map[float64]float64{0: 0, 1: 0.25, 3.5: 0.875, 4: 1, 100: 1, math.Inf(1): 1} {
		m.Pace(epochs)
		want := []float64{full[0], share * full[1], full[0] + share*full[1]}
		modeltest.AssertClose(t, want, terms(), 1e-14, "terms")
	}
	m.Pace(m.SteadyAfter())
	assert.Equal(t, full, terms(), "from where it says to be steady, it is")
}

// Without a learned prior and a warm-up, the model is stored as it was before there were any.
func TestReferenceIsStoredWithoutUnusedOptions(t *testing.T) {
	bindingtest.NoLeak(t)
	text := string(newModel(t, Reference(3, 2), binding.Float32, 1).Params().Architecture().Config)
	for _, option := range []string{"prior", "warmup", "trend"} {
		assert.NotContains(t, text, option)
	}
}
