package cvae

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

// TestLaws holds every variant of the model to the laws of a conditional variational autoencoder.
func TestLaws(t *testing.T) {
	laws := []struct {
		name   string
		holds  func(*testing.T, subject)
		dtypes []binding.DType
	}{
		{"shapes follow the batch", shapesFollowTheBatch, both},
		{"the loss is the sum of its terms", lossIsTheSumOfItsTerms, both},
		{"every parameter has a gradient", everyParameterHasAGradient, both},
		{"the gradient is the slope of the loss", gradientIsTheSlope, precise},
		{"a row is alone", aRowIsAlone, both},
		{"every condition matters", everyConditionMatters, both},
		{"draws follow the seed", drawsFollowTheSeed, both},
		{"judging changes nothing", judgingChangesNothing, both},
		{"saved weights are the same to the bit", savedWeightsAreTheSame, both},
	}
	for _, u := range subjects() {
		t.Run(u.String(), func(t *testing.T) {
			holdNothing(t)
			u.Model = newModel(t, u.config, u.dtype, 1)
			perturb(t, u.Params(), 0.05)
			u.settle(t)
			for _, law := range laws {
				for _, dtype := range law.dtypes {
					if dtype == u.dtype {
						t.Run(law.name, func(t *testing.T) { holdNothing(t); law.holds(t, u) })
					}
				}
			}
		})
	}
}

// Differences are told apart from rounding only in float64.
var (
	both    = []binding.DType{binding.Float32, binding.Float64}
	precise = []binding.DType{binding.Float64}
)

// subject is a model under test, with a batch of rows to test it on.
type subject struct {
	*Model
	preset string
	config Config
	dtype  binding.DType
	batch  int64
}

func (u subject) String() string {
	return fmt.Sprintf("%s/D=%d,C=%d/%s/B=%d", u.preset, u.config.Dim, u.config.Conditions, u.dtype, u.batch)
}

func subjects() (all []subject) {
	presets := map[string]func(dim, conditions int64) Config{"reference": Reference, "robust": Robust}
	for _, name := range []string{"reference", "robust"} {
		for _, size := range [][2]int64{{2, 1}, {3, 3}, {6, 6}, {9, 9}, {5, 2}} {
			for _, dtype := range both {
				for _, batch := range []int64{1, 33} {
					all = append(all, subject{preset: name, config: presets[name](size[0], size[1]), dtype: dtype, batch: batch})
				}
			}
		}
	}
	return all
}

// rows returns positions and momenta.
func (u subject) rows(s *binding.Scope) (x, y binding.Tensor) {
	return normal(s, u.dtype, 2, u.batch, u.config.Dim), normal(s, u.dtype, 3, u.batch, u.config.Conditions)
}

// settle shows the model other rows than those that it is tested on.
func (u subject) settle(t *testing.T) {
	s := openScope(t, 0, binding.NoGrad())
	x, y := normal(s, u.dtype, 20, 50, u.config.Dim), normal(s, u.dtype, 21, 50, u.config.Conditions)
	require.NoError(t, u.Settle(s, x, y))
}

// tolerance is how exactly numbers agree that two ways of computing give.
func (u subject) tolerance() float64 {
	if u.dtype == binding.Float64 {
		return 1e-12
	}
	return 1e-4
}

func shapesFollowTheBatch(t *testing.T, u subject) {
	s := openScope(t, 0)
	x, y := u.rows(s)
	q := u.encode(s, x, y)
	requireShape(t, s, q.mean, u.batch, u.config.Latent)
	requireShape(t, s, q.logVariance, u.batch, u.config.Latent)
	requireShape(t, s, q.divergence(s), u.batch)
	requireShape(t, s, u.Decode(s, q.mean, y), u.batch, u.config.Dim)
	requireShape(t, s, u.RoundTrip(s, x, y), u.batch, u.config.Dim)
	requireShape(t, s, u.LogProb(s, x, y), u.batch)
	requireShape(t, s, u.Sample(s, y), u.batch, u.config.Dim)
	requireShape(t, s, u.Loss(s, x, y).Total)
}

func lossIsTheSumOfItsTerms(t *testing.T, u subject) {
	s := openScope(t, 0, binding.NoGrad())
	x, y := u.rows(s)
	loss := u.Loss(s, x, y)
	total := item(t, s, loss.Total)
	require.False(t, math.IsNaN(total) || math.IsInf(total, 0), "loss %v", total)
	terms := map[string]float64{}
	for _, term := range loss.Terms {
		terms[term.Name] = item(t, s, term.Value)
	}
	require.Len(t, terms, 2)
	assertClose(t, []float64{terms["reconstruction"] + terms["kl"]}, []float64{total}, 1e-6, "sum of terms")
	assert.Positive(t, terms["kl"])
}

func everyParameterHasAGradient(t *testing.T, u subject) {
	s := openScope(t, 0)
	x, y := u.rows(s)
	s.Zero(u.Params().Gradient())
	require.NoError(t, s.Backward(u.Loss(s, x, y).Total))
	for _, p := range u.Params().List() {
		largest := 0.0
		for _, g := range values(t, s, s.Grad(p.Tensor())) {
			require.False(t, math.IsNaN(g) || math.IsInf(g, 0), "gradient of %s: %v", p.Name, g)
			largest = max(largest, math.Abs(g))
		}
		assert.Positive(t, largest, "gradient of %s", p.Name)
	}
}

// gradientIsTheSlope walks a little to both sides along a random direction.
func gradientIsTheSlope(t *testing.T, u subject) {
	s := openScope(t, 0)
	x, y := u.rows(s)
	epsilon := normal(s, u.dtype, 6, u.batch, u.config.Latent)
	p := u.Params()
	s.Zero(p.Gradient())
	require.NoError(t, s.Backward(u.lossWith(s, x, y, epsilon).Total))
	n := int64(p.Count())
	direction := s.Reshape(normal(s, u.dtype, 4, n, 1), n)
	slope := item(t, s, s.Sum(s.Mul(direction, p.Gradient())))

	const step = 1e-5
	start := s.Clone(p.Flat())
	lossAt := func(way float64) float64 {
		s.Copy(p.Flat(), s.Add(start, s.Scale(direction, way)))
		return item(t, s, u.lossWith(s, x, y, epsilon).Total)
	}
	difference := (lossAt(step) - lossAt(-step)) / (2 * step)
	s.Copy(p.Flat(), start)
	require.NoError(t, s.Err())
	assertClose(t, []float64{difference}, []float64{slope}, 1e-5, "slope along a direction")
}

func aRowIsAlone(t *testing.T, u subject) {
	s := openScope(t, 0, binding.NoGrad())
	x, y := u.rows(s)
	row := u.batch / 2
	xRow, yRow := s.Narrow(x, 0, row, 1), s.Narrow(y, 0, row, 1)
	all := values(t, s, s.Narrow(u.RoundTrip(s, x, y), 0, row, 1))
	assertClose(t, all, values(t, s, u.RoundTrip(s, xRow, yRow)), u.tolerance(), "round trip of a row without the others")
	divergence := values(t, s, u.encode(s, x, y).divergence(s))
	alone := values(t, s, u.encode(s, xRow, yRow).divergence(s))
	assertClose(t, divergence[row:row+1], alone, u.tolerance(), "divergence of a row without the others")
}

func everyConditionMatters(t *testing.T, u subject) {
	s := openScope(t, 0)
	x, y := u.rows(s)
	s.RequireGrad(y)
	for i, g := range values(t, s, s.Gradient(u.LogProb(s, x, y), y)[0]) {
		assert.NotZero(t, g, "slope of log p along momentum %d", i)
	}
	for i, g := range values(t, s, s.Gradient(u.Sample(s, y), y)[0]) {
		assert.NotZero(t, g, "slope of draws along momentum %d", i)
	}
}

// draw returns draws that start from a seed, in a scope of their own.
func (u subject) draw(t *testing.T, seed uint64, options ...binding.Option) []float64 {
	s := openScope(t, seed, options...)
	_, y := u.rows(s)
	return values(t, s, u.Sample(s, y))
}

// logProb returns the bound with latent variables that start from a seed.
func (u subject) logProb(t *testing.T, seed uint64) []float64 {
	s := openScope(t, seed, binding.NoGrad())
	x, y := u.rows(s)
	return values(t, s, u.LogProb(s, x, y))
}

func drawsFollowTheSeed(t *testing.T, u subject) {
	first := u.draw(t, 7)
	assert.Equal(t, first, u.draw(t, 7))
	assert.Equal(t, first, u.draw(t, 7, binding.NoGrad()), "recording for autograd must not matter")
	for i, v := range u.draw(t, 8) {
		assert.NotEqual(t, first[i], v, "another seed, element %d", i)
	}
	assert.Equal(t, u.logProb(t, 7), u.logProb(t, 7))
	assert.NotEqual(t, u.logProb(t, 7), u.logProb(t, 8))
}

// judgingChangesNothing: the model keeps statistics of the rows that it settled on, and of those alone. What it was
// shown later, in evaluation or in a backward pass without a step, is not in it afterwards.
func judgingChangesNothing(t *testing.T, u subject) {
	before, err := u.Params().Encode()
	require.NoError(t, err)
	s := openScope(t, 0)
	x, y := u.rows(s)
	u.LogProb(s, x, y)
	u.RoundTrip(s, x, y)
	u.Sample(s, y)
	require.NoError(t, s.Backward(u.Loss(s, x, y).Total))
	after, err := u.Params().Encode()
	require.NoError(t, err)
	assert.Equal(t, before, after)
}

func savedWeightsAreTheSame(t *testing.T, u subject) {
	data, err := u.Params().Encode()
	require.NoError(t, err)
	loaded := u
	loaded.Model = newModel(t, u.config, u.dtype, 5)
	require.NotEqual(t, u.draw(t, 7), loaded.draw(t, 7), "the weights differ until they are loaded")
	require.NoError(t, loaded.Params().Decode(data))

	assert.Equal(t, u.draw(t, 7), loaded.draw(t, 7), "what the model settled on is saved with it")
	assert.Equal(t, u.logProb(t, 7), loaded.logProb(t, 7))
	again, err := loaded.Params().Encode()
	require.NoError(t, err)
	assert.Equal(t, data, again)
}
