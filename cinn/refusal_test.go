package cinn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

func TestNewRefusesBadConfigs(t *testing.T) {
	holdNothing(t)
	cases := []struct {
		change func(*Config)
		says   string
	}{
		{func(c *Config) { c.Dim = 1 }, "2 coordinates or more, got 1"},
		{func(c *Config) { c.Dim = -3 }, "2 coordinates or more, got -3"},
		{func(c *Config) { c.Conditions = 0 }, "must be a condition, got 0"},
		{func(c *Config) { c.Couplings = 0 }, "must be a coupling, got 0"},
		{func(c *Config) { c.Networks = 3 }, "1 network or 2, got 3"},
		{func(c *Config) { c.Networks = 0 }, "1 network or 2, got 0"},
		{func(c *Config) { c.Clamp = -1 }, "clamp must not be negative, got -1"},
		{func(c *Config) { c.Clamp = math.NaN() }, "NaN"},
		{func(c *Config) { c.Hidden = []int64{8, 0} }, "hidden widths must be positive, got [8 0]"},
	}
	for _, refused := range cases {
		c := Robust(3, 2, manyRows)
		refused.change(&c)
		_, err := New(c, nn.Placement{})
		require.Error(t, err, "%+v", c)
		assert.Contains(t, err.Error(), "cinn: ")
		assert.Contains(t, err.Error(), refused.says)
	}
}

// A network without hidden layers is linear, and no mistake.
func TestNewWithoutHiddenLayers(t *testing.T) {
	holdNothing(t)
	c := Reference(2, 1)
	c.Hidden = nil
	m := newModel(t, c, binding.Float64, 1)
	assert.Equal(t, 20*2*(2+1), m.Params().Count())
}

func TestWrongShapesAreErrors(t *testing.T) {
	const d, c = 3, 3
	holdNothing(t)
	m := newModel(t, Reference(d, c), binding.Float64, 1)
	calls := map[string]func(s *binding.Scope, x, y binding.Tensor) binding.Tensor{
		"forward":    func(s *binding.Scope, x, y binding.Tensor) binding.Tensor { z, _ := m.Forward(s, x, y); return z },
		"inverse":    m.Inverse,
		"log prob":   m.LogProb,
		"loss":       func(s *binding.Scope, x, y binding.Tensor) binding.Tensor { return m.Loss(s, x, y).Total },
		"round trip": m.RoundTrip,
	}
	shapes := []struct{ x, y []int64 }{
		{[]int64{5, d + 1}, []int64{5, c}},
		{[]int64{5, d - 1}, []int64{5, c}},
		{[]int64{5, d}, []int64{5, c + 1}},
		{[]int64{5, d + 1}, []int64{5, c - 1}}, // as wide together as it should be
		{[]int64{5, d - 1}, []int64{5, c + 1}},
		{[]int64{5, d}, []int64{4, c}},
		{[]int64{5, d}, []int64{1, c}},
		{[]int64{1, d}, []int64{5, c}},
		{[]int64{d}, []int64{5, c}},
		{[]int64{5, d}, []int64{c}},
		{[]int64{}, []int64{5, c}},
		{[]int64{5, d}, []int64{}},
		{[]int64{5, d, 1}, []int64{5, c}},
	}
	for name, call := range calls {
		for _, shape := range shapes {
			s := openScope(t, 0)
			call(s, zeros(s, shape.x), zeros(s, shape.y))
			assert.ErrorIs(t, s.Err(), binding.ErrShape, "%s of x %v, y %v", name, shape.x, shape.y)
		}
	}
	for _, y := range [][]int64{{5, c + 1}, {5, c - 1}, {c}, {}, {5, c, 1}} {
		s := openScope(t, 0)
		m.Sample(s, zeros(s, y))
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "sample of y %v", y)
	}
}

func TestShapeErrorNamesWhatIsWrong(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)
	s := openScope(t, 0)
	m.Sample(s, zeros(s, []int64{5, 7}))
	assert.EqualError(t, s.Err(), "cinn: check momenta: want shape [B,2], got [5 7]: shapes do not fit")
}

func TestOtherMisuseIsAnError(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)

	s := openScope(t, 0)
	m.LogProb(s, s.Zeros(binding.Float32, binding.CPU, 5, 3), s.Zeros(binding.Float32, binding.CPU, 5, 2))
	assert.ErrorIs(t, s.Err(), binding.ErrDType, "float32 rows in a float64 model")

	without := binding.NewScope()
	defer without.Close()
	m.Sample(without, zeros(without, []int64{5, 2}))
	assert.ErrorIs(t, without.Err(), binding.ErrArgument, "no generator to draw from")

	closed, err := New(Reference(3, 2), nn.Placement{DType: binding.Float64})
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	s = openScope(t, 0)
	closed.Sample(s, zeros(s, []int64{5, 2}))
	assert.ErrorIs(t, s.Err(), binding.ErrClosed)
}

// No rows are no mistake: a table may end with an empty batch.
func TestNoRows(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Robust(3, 2, manyRows), binding.Float32, 1)
	s := openScope(t, 0)
	x, y := s.Zeros(binding.Float32, binding.CPU, 0, 3), s.Zeros(binding.Float32, binding.CPU, 0, 2)
	requireShape(t, s, m.Sample(s, y), 0, 3)
	requireShape(t, s, m.LogProb(s, x, y), 0)
}

func zeros(s *binding.Scope, shape []int64) binding.Tensor {
	return s.Zeros(binding.Float64, binding.CPU, shape...)
}
