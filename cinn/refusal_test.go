package cinn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

func TestNewRefusesBadConfigs(t *testing.T) {
	modeltest.RefusesConfigs(t, New, Robust(3, 2, manyRows), "cinn: ", map[string]func(*Config){
		"2 coordinates or more, got 1":                       func(c *Config) { c.Dim = 1 },
		"2 coordinates or more, got -3":                      func(c *Config) { c.Dim = -3 },
		"must be a condition, got 0":                         func(c *Config) { c.Conditions = 0 },
		"must be a coupling, got 0":                          func(c *Config) { c.Couplings = 0 },
		"1 network or 2, got 3":                              func(c *Config) { c.Networks = 3 },
		"1 network or 2, got 0":                              func(c *Config) { c.Networks = 0 },
		"clamp must not be negative, got -1":                 func(c *Config) { c.Clamp = -1 },
		"NaN":                                                func(c *Config) { c.Clamp = math.NaN() },
		`a coupling is affine or spline, got "cubic"`:        func(c *Config) { c.Coupling = "cubic" },
		`a permutation is flip, random or linear, got "odd"`: func(c *Config) { c.Permutation = "odd" },
		"a spline has from 2 to 999 bins, got 1":             func(c *Config) { c.Coupling, c.Bins = SplineCoupling, 1 },
		"a spline has from 2 to 999 bins, got 1000":          func(c *Config) { c.Coupling, c.Bins = SplineCoupling, 1000 },
		"finite and above 0, got -2":                         func(c *Config) { c.Coupling, c.Bound = SplineCoupling, -2 },
		"finite and above 0, got +Inf":                       func(c *Config) { c.Coupling, c.Bound = SplineCoupling, math.Inf(1) },
		"hidden widths must be positive, got [8 0]":          func(c *Config) { c.Hidden = []int64{8, 0} },
	})
}

// A network without hidden layers is linear, and no mistake.
func TestNewWithoutHiddenLayers(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Reference(2, 1)
	c.Hidden = nil
	m := newModel(t, c, binding.Float64, 1)
	assert.Equal(t, 20*2*(2+1), m.Params().Count())
}

func TestWrongShapesAreErrors(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Reference(3, 3), binding.Float64, 1)
	modeltest.RefusesWrongShapes(t, m, map[string]modeltest.Call{
		"forward": func(s *binding.Scope, x, y binding.Tensor) binding.Tensor { z, _ := m.Forward(s, x, y); return z },
		"inverse": m.Inverse,
	})
}

func TestShapeErrorNamesWhatIsWrong(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Reference(3, 2), binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0)
	m.Sample(s, s.Zeros(binding.Float64, binding.CPU, 5, 7))
	assert.EqualError(t, s.Err(), "cinn: check momenta: want shape [B,2], got [5 7]: shapes do not fit")
}

func TestOtherMisuseIsAnError(t *testing.T) {
	bindingtest.NoLeak(t)
	modeltest.NewSubject(t, New, Reference(3, 2), modeltest.Case{Dim: 3, Conditions: 2, DType: binding.Float64}).RefusesMisuse(t)
}

func TestNoRows(t *testing.T) {
	bindingtest.NoLeak(t)
	modeltest.NewSubject(t, New, Robust(3, 2, manyRows), modeltest.Case{Dim: 3, Conditions: 2, DType: binding.Float32}).TakesNoRows(t)
}
