package cvae

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

func TestNewRefusesBadConfigs(t *testing.T) {
	modeltest.RefusesConfigs(t, New, Robust(3, 2, 1000), "cvae: check config: all sizes must be positive", map[string]func(*Config){
		"dim 0":        func(c *Config) { c.Dim = 0 },
		"dim -1":       func(c *Config) { c.Dim = -1 },
		"conditions 0": func(c *Config) { c.Conditions = 0 },
		"latent 0":     func(c *Config) { c.Latent = 0 },
		"hidden [8 0]": func(c *Config) { c.Hidden = []int64{8, 0} },
	})
}

func TestNewRefusesBadWarmup(t *testing.T) {
	modeltest.RefusesConfigs(t, New, Robust(3, 2, 1000), "cvae: check config: the warm-up of the divergence", map[string]func(*Config){
		"got -1 epochs":   func(c *Config) { c.KLWarmupEpochs = -1 },
		"got NaN epochs":  func(c *Config) { c.KLWarmupEpochs = math.NaN() },
		"got +Inf epochs": func(c *Config) { c.KLWarmupEpochs = math.Inf(1) },
	})
}

// One coordinate is enough for this model.
func TestOneCoordinate(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Robust(1, 1, 1000), binding.Float32, 1)
	s := bindingtest.OpenSeeded(t, 0)
	assert.Equal(t, []int64{7, 1}, bindingtest.Shape(t, s, m.Sample(s, modeltest.Normal(s, binding.Float32, 1, 7, 1))))
}

func TestWrongShapesAreErrors(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, c := range []Config{Reference(3, 3), Robust(3, 3, 1000)} {
		modeltest.RefusesWrongShapes(t, newModel(t, c, binding.Float64, 1), nil)
	}
}

func TestDecodeRefusesWrongShapes(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Robust(3, 2, 1000), binding.Float64, 1)
	for _, columns := range [][2]int64{{4, 2}, {3, 3}, {4, 1}, {2, 3}} {
		s := bindingtest.OpenSeeded(t, 0)
		m.Decode(s, s.Zeros(binding.Float64, binding.CPU, 5, columns[0]), s.Zeros(binding.Float64, binding.CPU, 5, columns[1]))
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v columns", columns)
	}
}

func TestShapeErrorNamesWhatIsWrong(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0)
	m.Sample(s, s.Zeros(binding.Float64, binding.CPU, 5, 7))
	assert.EqualError(t, s.Err(), "cvae: check momenta: want shape [B,2], got [5 7]: shapes do not fit")
}

// What a failed Settle was given is not kept.
func TestSettleRefusesWrongShapes(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(3, 2, 1000)
	c.LearnedPrior = false // which has nothing to settle
	m := newModel(t, c, binding.Float64, 1)
	before := modeltest.Encode(t, m.Params())
	for _, columns := range [][2]int64{{4, 2}, {3, 3}, {4, 1}, {2, 3}} {
		s := bindingtest.OpenSeeded(t, 0)
		err := m.Settle(t.Context(), s, s.Zeros(binding.Float64, binding.CPU, 5, columns[0]), s.Zeros(binding.Float64, binding.CPU, 5, columns[1]))
		assert.ErrorIs(t, err, binding.ErrShape, "%v columns", columns)
		assert.ErrorContains(t, err, "cvae: settle latent statistics: ")
	}
	assert.Equal(t, before, modeltest.Encode(t, m.Params()))
}

func TestOtherMisuseIsAnError(t *testing.T) {
	bindingtest.NoLeak(t)
	modeltest.NewSubject(t, New, Reference(3, 2), modeltest.Case{Dim: 3, Conditions: 2, DType: binding.Float64}).RefusesMisuse(t)
}

func TestNoRows(t *testing.T) {
	bindingtest.NoLeak(t)
	modeltest.NewSubject(t, New, Robust(3, 2, 1000), modeltest.Case{Dim: 3, Conditions: 2, DType: binding.Float32}).TakesNoRows(t)
}
