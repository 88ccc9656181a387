package cvae

import (
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
		{func(c *Config) { c.Dim = 0 }, "dim 0"},
		{func(c *Config) { c.Dim = -1 }, "dim -1"},
		{func(c *Config) { c.Conditions = 0 }, "conditions 0"},
		{func(c *Config) { c.Latent = 0 }, "latent 0"},
		{func(c *Config) { c.Hidden = []int64{8, 0} }, "hidden [8 0]"},
	}
	for _, refused := range cases {
		c := Robust(3, 2)
		refused.change(&c)
		_, err := New(c, nn.Placement{})
		require.Error(t, err, "%+v", c)
		assert.Contains(t, err.Error(), "cvae: check config: all sizes must be positive")
		assert.Contains(t, err.Error(), refused.says)
	}
}

// One coordinate is enough for this model.
func TestOneCoordinate(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Robust(1, 1), binding.Float32, 1)
	s := openScope(t, 0)
	requireShape(t, s, m.Sample(s, normal(s, binding.Float32, 1, 7, 1)), 7, 1)
}

func TestWrongShapesAreErrors(t *testing.T) {
	const d, c = 3, 3
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
	holdNothing(t)
	for preset, config := range map[string]Config{"reference": Reference(d, c), "robust": Robust(d, c)} {
		m := newModel(t, config, binding.Float64, 1)
		calls := map[string]func(s *binding.Scope, x, y binding.Tensor) binding.Tensor{
			"log prob":   m.LogProb,
			"loss":       func(s *binding.Scope, x, y binding.Tensor) binding.Tensor { return m.Loss(s, x, y).Total },
			"round trip": m.RoundTrip,
		}
		for name, call := range calls {
			for _, shape := range shapes {
				s := openScope(t, 0)
				call(s, zeros(s, shape.x), zeros(s, shape.y))
				assert.ErrorIs(t, s.Err(), binding.ErrShape, "%s: %s of x %v, y %v", preset, name, shape.x, shape.y)
			}
		}
		for _, y := range [][]int64{{5, c + 1}, {5, c - 1}, {c}, {}, {5, c, 1}} {
			s := openScope(t, 0)
			m.Sample(s, zeros(s, y))
			assert.ErrorIs(t, s.Err(), binding.ErrShape, "%s: sample of y %v", preset, y)
		}
	}
}

func TestDecodeRefusesWrongShapes(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Robust(3, 2), binding.Float64, 1)
	for _, columns := range [][2]int64{{4, 2}, {3, 3}, {4, 1}, {2, 3}} {
		s := openScope(t, 0)
		m.Decode(s, zeros(s, []int64{5, columns[0]}), zeros(s, []int64{5, columns[1]}))
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v columns", columns)
	}
}

func TestShapeErrorNamesWhatIsWrong(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)
	s := openScope(t, 0)
	m.Sample(s, zeros(s, []int64{5, 7}))
	assert.EqualError(t, s.Err(), "cvae: check momenta: want shape [B,2], got [5 7]: shapes do not fit")
}

// What a failed Settle was given is not kept.
func TestSettleRefusesWrongShapes(t *testing.T) {
	holdNothing(t)
	m := newModel(t, Robust(3, 2), binding.Float64, 1)
	before, err := m.Params().Encode()
	require.NoError(t, err)
	for _, columns := range [][2]int64{{4, 2}, {3, 3}, {4, 1}, {2, 3}} {
		s := openScope(t, 0)
		err = m.Settle(s, zeros(s, []int64{5, columns[0]}), zeros(s, []int64{5, columns[1]}))
		assert.ErrorIs(t, err, binding.ErrShape, "%v columns", columns)
		assert.ErrorContains(t, err, "cvae: settle latent statistics: ")
	}
	after, err := m.Params().Encode()
	require.NoError(t, err)
	assert.Equal(t, before, after)
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
	m := newModel(t, Robust(3, 2), binding.Float32, 1)
	s := openScope(t, 0)
	x, y := s.Zeros(binding.Float32, binding.CPU, 0, 3), s.Zeros(binding.Float32, binding.CPU, 0, 2)
	requireShape(t, s, m.Sample(s, y), 0, 3)
	requireShape(t, s, m.LogProb(s, x, y), 0)
}

func zeros(s *binding.Scope, shape []int64) binding.Tensor {
	return s.Zeros(binding.Float64, binding.CPU, shape...)
}
