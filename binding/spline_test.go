package binding_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// splineCase is what testdata/spline.py computed.
type splineCase struct {
	Name          string
	Bins          int
	Bound         float64
	Rows, Columns int64
	X, Raw        []float64
	Y, Inverse    []float64
	LogDet        []float64 `json:"log_det"`
}

func TestSplineAgainstThePaper(t *testing.T) {
	bindingtest.NoLeak(t)
	text, err := os.ReadFile("testdata/spline.json")
	require.NoError(t, err)
	var all struct{ Cases []splineCase }
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all.Cases, 5)
	for _, c := range all.Cases {
		t.Run(c.Name, func(t *testing.T) {
			for _, on := range bindingtest.Devices(t) {
				s := bindingtest.Open(t, binding.NoGrad())
				spline := binding.Spline{Bins: c.Bins, Bound: c.Bound}
				x := s.FromFloat64s(c.X, binding.Float64, on, c.Rows, c.Columns)
				raw := s.FromFloat64s(c.Raw, binding.Float64, on, c.Rows, c.Columns*spline.Width())
				y, logDet := s.Spline(spline, x, raw)
				near(t, c.Y, float64s(t, s, y), 1e-12, "y")
				near(t, c.LogDet, float64s(t, s, logDet), 1e-10, "log-determinant")
				near(t, c.Inverse, float64s(t, s, s.Unspline(spline, x, raw)), 1e-10, "inverse")
				near(t, c.X, float64s(t, s, s.Unspline(spline, y, raw)), 1e-10, "there and back")
			}
		})
	}
}

// Outside the bound nothing is bent, however the inside is.
func TestSplineHasLinearTails(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	spline := binding.Spline{Bins: 3, Bound: 2}
	x := s.FromFloat64s([]float64{-1e6, -2, 2, 2.5, 1e30}, binding.Float64, binding.CPU, 5, 1)
	s.RequireGrad(x)
	raw := s.Full(3, binding.Float64, binding.CPU, 5, spline.Width())
	y, logDet := s.Spline(spline, x, raw)
	assert.Equal(t, float64s(t, s, x), float64s(t, s, y))
	assert.Equal(t, make([]float64, 5), float64s(t, s, logDet))
	assert.Equal(t, []float64{1, 1, 1, 1, 1}, float64s(t, s, s.Gradient(y, x)[0]))
	assert.Equal(t, float64s(t, s, x), float64s(t, s, s.Unspline(spline, x, raw)))
}

func TestSplineRefusesWhatDoesNotFit(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, c := range []struct {
		name   string
		spline binding.Spline
		x, raw []int64
		kind   binding.Kind
	}{
		{"one bin", binding.Spline{Bins: 1, Bound: 1}, []int64{3, 2}, []int64{3, 4}, binding.ErrArgument},
		{"a thousand bins", binding.Spline{Bins: 1000, Bound: 1}, []int64{1, 1}, []int64{1, 2999}, binding.ErrArgument},
		{"no bound", binding.Spline{Bins: 2}, []int64{3, 2}, []int64{3, 10}, binding.ErrArgument},
		{"too few numbers", binding.Spline{Bins: 2, Bound: 1}, []int64{3, 2}, []int64{3, 9}, binding.ErrShape},
		{"other rows", binding.Spline{Bins: 2, Bound: 1}, []int64{3, 2}, []int64{2, 10}, binding.ErrShape},
		{"one dimension", binding.Spline{Bins: 2, Bound: 1}, []int64{3}, []int64{3, 5}, binding.ErrShape},
	} {
		t.Run(c.name, func(t *testing.T) {
			forward, inverse := bindingtest.Open(t), bindingtest.Open(t)
			y, logDet := forward.Spline(c.spline, zeros(forward, c.x...), zeros(forward, c.raw...))
			x := inverse.Unspline(c.spline, zeros(inverse, c.x...), zeros(inverse, c.raw...))
			assert.False(t, y.Valid() || logDet.Valid() || x.Valid())
			require.ErrorIs(t, forward.Err(), c.kind)
			assert.ErrorIs(t, inverse.Err(), c.kind)
			assertReadable(t, forward.Err().Error())
		})
	}
}
