package nn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// newTrend returns a trend of a model that is nothing else.
func newTrend(t *testing.T, dim, conditions int64, degree int, at nn.Placement) *nn.Trend {
	t.Helper()
	var l nn.Layout
	trend := l.Trend("trend", dim, conditions, degree)
	l.Param("other", nn.Constant(0), 1)
	p, err := l.Allocate(architecture, at)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return trend
}

// cubic returns rows of a polynomial of degree 3 in two conditions, and these.
func cubic(rows int) (x, y []float64) {
	random := rand.New(rand.NewPCG(1, 2))
	for range rows {
		a, b := 5+random.NormFloat64(), 3*random.NormFloat64()
		y = append(y, a, b)
		x = append(x, 1+2*a-b+a*b*b, a*a-0.3*b*b*b)
	}
	return x, y
}

func TestTrendFindsAPolynomial(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows = 400
	x, y := cubic(rows)
	s := bindingtest.Open(t, binding.NoGrad())
	tx := s.FromFloat64s(x, binding.Float64, binding.CPU, rows, 2)
	ty := s.FromFloat64s(y, binding.Float64, binding.CPU, rows, 2)
	largest := func(degree int) float64 {
		trend := newTrend(t, 2, 2, degree, on(binding.Float64, 1))
		require.NoError(t, trend.Fit(s, tx, ty))
		spread, ok := trend.Spread()
		require.True(t, ok)
		left := bindingtest.Float64s(t, s, s.Mul(trend.Residual(s, tx, ty), spread))
		worst := 0.0
		for _, v := range left {
			worst = max(worst, math.Abs(v))
		}
		return worst
	}
	assert.Greater(t, largest(1), 1.0)
	assert.Less(t, largest(3), 1e-5)
	assert.Less(t, largest(4), 1e-5)
}

// Whatever the trend, the map is affine in x, with the determinant that it says, and its inverse undoes it.
func TestTrendIsAnInvertibleAffineMap(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows = 300
	random := rand.New(rand.NewPCG(3, 4))
	x, y := make([]float64, 3*rows), make([]float64, 2*rows)
	for i := range rows {
		y[2*i], y[2*i+1] = random.NormFloat64(), random.ExpFloat64()
		for j := range 3 {
			x[3*i+j] = y[2*i]*float64(j+1) + 0.03*random.NormFloat64()*float64(j+1)
		}
	}
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		trend := newTrend(t, 3, 2, 2, on(dtype, 1))
		s := bindingtest.Open(t, binding.NoGrad())
		tx, ty := s.FromFloat64s(x, dtype, binding.CPU, rows, 3), s.FromFloat64s(y, dtype, binding.CPU, rows, 2)
		require.NoError(t, trend.Fit(s, tx, ty))
		r := trend.Residual(s, tx, ty)
		assert.InDeltaSlice(t, x, bindingtest.Float64s(t, s, trend.Restore(s, r, ty)), 1e-5)
		moved := trend.Residual(s, s.Affine(tx, 1, 0.5), ty)
		slope := bindingtest.Float64s(t, s, s.Scale(s.Sub(moved, r), 2))
		logDet := 0.0
		for j := range 3 {
			logDet += math.Log(slope[j])
			assert.InDelta(t, slope[j], slope[3*(rows-1)+j], 1e-3*slope[j], "the same everywhere")
		}
		assert.InDelta(t, logDet, bindingtest.Item(t, s, trend.LogDet(s)), 1e-3)
		means := bindingtest.Float64s(t, s, s.Mean(r, 0))
		assert.InDeltaSlice(t, []float64{0, 0, 0}, means, 1e-4, "least squares leave no mean")
		assert.InDeltaSlice(t, []float64{1, 1, 1}, bindingtest.Float64s(t, s, s.Mean(s.Square(r), 0)), 1e-3)
	}
}

// A column that the polynomial hardly explains has the trend of degree 1, beside one that it does.
func TestTrendIsLinearWhereItExplainsLittle(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows = 300
	random := rand.New(rand.NewPCG(7, 8))
	var x, y []float64
	for range rows {
		a := random.NormFloat64()
		y = append(y, a)
		x = append(x, a*a+0.5*random.NormFloat64(), a*a+0.02*random.NormFloat64())
	}
	s := bindingtest.Open(t, binding.NoGrad())
	tx, ty := s.FromFloat64s(x, binding.Float64, binding.CPU, rows, 2), s.FromFloat64s(y, binding.Float64, binding.CPU, rows, 1)
	fitted := func(degree int) (column0 []float64, spread []float64) {
		trend := newTrend(t, 2, 1, degree, on(binding.Float64, 1))
		require.NoError(t, trend.Fit(s, tx, ty))
		sd, _ := trend.Spread()
		return bindingtest.Float64s(t, s, s.Narrow(trend.Residual(s, tx, ty), 1, 0, 1)), bindingtest.Float64s(t, s, sd)
	}
	line, lineSD := fitted(1)
	bent, bentSD := fitted(2)
	assert.InDeltaSlice(t, line, bent, 1e-9)
	assert.InDelta(t, lineSD[0], bentSD[0], 1e-9)
	assert.Greater(t, lineSD[1], 1.0)
	assert.InDelta(t, 0.02, bentSD[1], 0.005)
}

// Far outside the rows that it was fitted to, a polynomial would say anything.
func TestTrendEndsBesideItsRows(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows = 400
	x, y := cubic(rows)
	trend := newTrend(t, 2, 2, 3, on(binding.Float64, 1))
	s := bindingtest.Open(t, binding.NoGrad())
	require.NoError(t, trend.Fit(s, s.FromFloat64s(x, binding.Float64, binding.CPU, rows, 2), s.FromFloat64s(y, binding.Float64, binding.CPU, rows, 2)))
	at := func(a, b float64) []float64 {
		return bindingtest.Float64s(t, s, trend.Restore(s, s.Zeros(binding.Float64, binding.CPU, 1, 2), s.FromFloat64s([]float64{a, b}, binding.Float64, binding.CPU, 1, 2)))
	}
	assert.Equal(t, at(100, 200), at(1e6, 1e9))
}

// Conditions that rows say little of must not spoil the rest: one that is constant, one of two values, and equal ones.
func TestTrendOfPoorConditions(t *testing.T) {
	bindingtest.NoLeak(t)
	const rows = 200
	random := rand.New(rand.NewPCG(5, 6))
	var x, y []float64
	for range rows {
		a := random.NormFloat64()
		sign := float64(1 - 2*random.IntN(2))
		y = append(y, a, a, sign, 7)
		x = append(x, a*a+sign)
	}
	trend := newTrend(t, 1, 4, 3, on(binding.Float64, 1))
	s := bindingtest.Open(t, binding.NoGrad())
	tx, ty := s.FromFloat64s(x, binding.Float64, binding.CPU, rows, 1), s.FromFloat64s(y, binding.Float64, binding.CPU, rows, 4)
	require.NoError(t, trend.Fit(s, tx, ty))
	for _, r := range bindingtest.Float64s(t, s, trend.Residual(s, tx, ty)) {
		assert.InDelta(t, 0, r, 1, "of the least scale, 1e-4")
	}
}

func TestTrendIsFittedOnce(t *testing.T) {
	bindingtest.NoLeak(t)
	x, y := cubic(100)
	trend := newTrend(t, 2, 2, 1, on(binding.Float64, 1))
	s := bindingtest.Open(t, binding.NoGrad())
	tx, ty := s.FromFloat64s(x, binding.Float64, binding.CPU, 100, 2), s.FromFloat64s(y, binding.Float64, binding.CPU, 100, 2)
	require.NoError(t, trend.Fit(s, tx, ty))
	first := bindingtest.Float64s(t, s, trend.Residual(s, tx, ty))
	require.NoError(t, trend.Fit(s, s.Affine(tx, 3, 1), ty))
	assert.Equal(t, first, bindingtest.Float64s(t, s, trend.Residual(s, tx, ty)))
}

func TestNoTrend(t *testing.T) {
	bindingtest.NoLeak(t)
	trend := newTrend(t, 2, 2, 0, on(binding.Float64, 1))
	require.Nil(t, trend)
	s := bindingtest.Open(t, binding.NoGrad())
	x := s.Full(3, binding.Float64, binding.CPU, 1, 2)
	assert.Equal(t, x, trend.Residual(s, x, x))
	assert.Equal(t, x, trend.Restore(s, x, x))
	assert.NoError(t, trend.Fit(s, x, x))
	_, ok := trend.Spread()
	assert.False(t, ok)
}

func TestTrendRefusesWrongShapes(t *testing.T) {
	bindingtest.NoLeak(t)
	trend := newTrend(t, 2, 3, 2, on(binding.Float64, 1))
	for _, shapes := range [][2][]int64{{{4, 3}, {4, 3}}, {{4, 2}, {4, 2}}, {{1, 2}, {4, 3}}, {{4, 2}, {1, 3}}, {{2}, {4, 3}}, {{4, 2}, {3}}} {
		for _, call := range []func(s *binding.Scope, x, y binding.Tensor){
			func(s *binding.Scope, x, y binding.Tensor) { trend.Residual(s, x, y) },
			func(s *binding.Scope, x, y binding.Tensor) { trend.Restore(s, x, y) },
			func(s *binding.Scope, x, y binding.Tensor) { _ = trend.Fit(s, x, y) },
		} {
			s := bindingtest.Open(t, binding.NoGrad())
			call(s, s.Zeros(binding.Float64, binding.CPU, shapes[0]...), s.Zeros(binding.Float64, binding.CPU, shapes[1]...))
			assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v", shapes)
		}
	}
}

// The number of monomials is the binomial coefficient of (conditions + degree) over degree.
func TestMonomials(t *testing.T) {
	for conditions := int64(1); conditions < 7; conditions++ {
		assert.Equal(t, 0, nn.Monomials(conditions, -1))
		for degree := 0; degree < 6; degree++ {
			want := 1
			if degree > 0 && conditions > 1 {
				want = nn.Monomials(conditions, degree-1) + nn.Monomials(conditions-1, degree)
			} else if degree > 0 {
				want = degree + 1
			}
			assert.Equal(t, want, nn.Monomials(conditions, degree), "%d conditions, degree %d", conditions, degree)
		}
	}
}

func TestTrendDegree(t *testing.T) {
	for _, c := range []struct {
		conditions   int64
		rows, degree int
	}{{3, 700, 4}, {3, 699, 3}, {3, 1e6, 4}, {9, 1100, 2}, {9, 1e6, 2}, {18, 1e6, 1}, {200, 1e6, 0}, {3, 0, 0}, {3, 79, 0}, {3, 80, 1}} {
		assert.Equal(t, c.degree, nn.TrendDegree(c.conditions, c.rows, 4), "%d conditions, %d rows", c.conditions, c.rows)
	}
}

func TestTrendsThatCannotBeFitted(t *testing.T) {
	for _, good := range [][2]int{{3, 0}, {3, 4}, {9, 5}, {1, 2000}, {400, 1}} {
		assert.NoError(t, nn.CheckTrend(int64(good[0]), good[1]))
	}
	for _, bad := range [][2]int{{3, -1}, {3, 60}, {9, 6}, {1, 3000}, {9, math.MaxInt}} {
		assert.Error(t, nn.CheckTrend(int64(bad[0]), bad[1]), "%v", bad)
	}
}

// A polynomial goes through as many rows as it has coefficients: what it leaves there says nothing about other rows.
func TestTrendOfTooFewRows(t *testing.T) {
	bindingtest.NoLeak(t)
	for rows, want := range map[int64]bool{10: false, 11: true} { // degree 2 in 3 conditions has 10 coefficients
		trend := newTrend(t, 2, 3, 2, on(binding.Float64, 1))
		s := bindingtest.Open(t, binding.NoGrad())
		random := rand.New(rand.NewPCG(1, 0))
		values := func(columns int64) binding.Tensor {
			all := make([]float64, rows*columns)
			for i := range all {
				all[i] = random.NormFloat64()
			}
			return s.FromFloat64s(all, binding.Float64, binding.CPU, rows, columns)
		}
		x, y := values(2), values(3)
		assert.Equal(t, want, trend.Fit(s, x, y) == nil, "%d rows", rows)
	}
}
