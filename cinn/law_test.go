package cinn

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/binding"
)

// TestLaws holds every variant of the model to the laws of a normalising flow.
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
		{"inverse and forward undo each other", inverseAndForwardUndoEachOther, both},
		{"the determinant is the Jacobian's", determinantIsTheJacobians, precise},
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
			perturb(t, u.Params(), 0.02)
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

// Laws that difference or differentiate twice are told apart from rounding only in float64.
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
	return fmt.Sprintf("%s/D=%d,C=%d/networks=%d/%s/B=%d", u.preset, u.config.Dim, u.config.Conditions, u.config.Networks, u.dtype, u.batch)
}

func subjects() (all []subject) {
	robust := func(dim, conditions int64) Config { return Robust(dim, conditions, manyRows) }
	presets := map[string]func(dim, conditions int64) Config{"reference": Reference, "robust": robust}
	for _, name := range []string{"reference", "robust"} {
		for _, size := range [][2]int64{{2, 1}, {3, 3}, {6, 6}, {9, 9}, {5, 2}} {
			for _, networks := range []int{1, 2} {
				for _, dtype := range both {
					for _, batch := range []int64{1, 33} {
						c := presets[name](size[0], size[1])
						c.Networks, c.Hidden = networks, []int64{32, 32} // narrow networks, to be quick
						all = append(all, subject{preset: name, config: c, dtype: dtype, batch: batch})
					}
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
	z, logDet := u.Forward(s, x, y)
	requireShape(t, s, z, u.batch, u.config.Dim)
	requireShape(t, s, logDet, u.batch)
	requireShape(t, s, u.Inverse(s, z, y), u.batch, u.config.Dim)
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
	sum := 0.0
	for _, term := range loss.Terms {
		sum += item(t, s, term.Value)
	}
	assertClose(t, []float64{sum}, []float64{total}, 1e-6, "sum of terms")
	assertClose(t, []float64{-item(t, s, s.Mean(u.LogProb(s, x, y)))}, []float64{total}, 1e-5, "mean of -log p")
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
	p := u.Params()
	s.Zero(p.Gradient())
	require.NoError(t, s.Backward(u.Loss(s, x, y).Total))
	n := int64(p.Count())
	direction := s.Reshape(normal(s, u.dtype, 4, n, 1), n)
	slope := item(t, s, s.Sum(s.Mul(direction, p.Gradient())))

	const step = 1e-5
	start := s.Clone(p.Flat())
	lossAt := func(way float64) float64 {
		s.Copy(p.Flat(), s.Add(start, s.Scale(direction, way)))
		return item(t, s, u.Loss(s, x, y).Total)
	}
	difference := (lossAt(step) - lossAt(-step)) / (2 * step)
	s.Copy(p.Flat(), start)
	require.NoError(t, s.Err())
	assertClose(t, []float64{difference}, []float64{slope}, 1e-5, "slope along a direction")
}

func inverseAndForwardUndoEachOther(t *testing.T, u subject) {
	s := openScope(t, 0, binding.NoGrad())
	x, y := u.rows(s)
	z, _ := u.Forward(s, x, y)
	assertClose(t, values(t, s, x), values(t, s, u.Inverse(s, z, y)), u.tolerance(), "inverse(forward(x))")
	assertClose(t, values(t, s, x), values(t, s, u.RoundTrip(s, x, y)), u.tolerance(), "round trip")
	z = s.Scale(x, 0.5) // not far out, where the reference's free scale may overflow on the way back
	back, _ := u.Forward(s, u.Inverse(s, z, y), y)
	assertClose(t, values(t, s, z), values(t, s, back), u.tolerance(), "forward(inverse(z))")
}

func determinantIsTheJacobians(t *testing.T, u subject) {
	s := openScope(t, 0)
	x, y := u.rows(s)
	s.RequireGrad(x)
	z, logDet := u.Forward(s, x, y)
	d := int(u.config.Dim)
	jacobians := make([]*mat.Dense, u.batch)
	for b := range jacobians {
		jacobians[b] = mat.NewDense(d, d, nil)
	}
	for i := range d {
		row := values(t, s, s.Gradient(s.Narrow(z, 1, int64(i), 1), x)[0]) // rows of a batch do not mix
		for b, j := range jacobians {
			j.SetRow(i, row[b*d:(b+1)*d])
		}
	}
	var want []float64
	for _, j := range jacobians {
		logAbs, _ := mat.LogDet(j)
		want = append(want, logAbs)
	}
	assertClose(t, want, values(t, s, logDet), 1e-12, "log|det|")
}

func aRowIsAlone(t *testing.T, u subject) {
	s := openScope(t, 0, binding.NoGrad())
	x, y := u.rows(s)
	row := u.batch / 2
	all := values(t, s, u.LogProb(s, x, y))
	alone := values(t, s, u.LogProb(s, s.Narrow(x, 0, row, 1), s.Narrow(y, 0, row, 1)))
	assertClose(t, all[row:row+1], alone, u.tolerance(), "log p of a row without the others")
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

func drawsFollowTheSeed(t *testing.T, u subject) {
	first := u.draw(t, 7)
	assert.Equal(t, first, u.draw(t, 7))
	assert.Equal(t, first, u.draw(t, 7, binding.NoGrad()), "recording for autograd must not matter")
	for i, v := range u.draw(t, 8) {
		assert.NotEqual(t, first[i], v, "another seed, element %d", i)
	}
}

// judgingChangesNothing: what a model was shown in evaluation, or in a backward pass without a step, is not in it
// afterwards.
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

	assert.Equal(t, u.draw(t, 7), loaded.draw(t, 7))
	s := openScope(t, 0, binding.NoGrad())
	x, y := u.rows(s)
	assert.Equal(t, values(t, s, u.LogProb(s, x, y)), values(t, s, loaded.LogProb(s, x, y)))
	again, err := loaded.Params().Encode()
	require.NoError(t, err)
	assert.Equal(t, data, again)
}
