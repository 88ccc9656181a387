package cinn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// started is a model that was shown rows far from standard ones, and those rows.
func started(t *testing.T, s *binding.Scope, c Config) (m *Model, x, y binding.Tensor) {
	c.Dim, c.Conditions, c.ActNorm = 5, 2, true
	m = newModel(t, c, binding.Float64, 1)
	x = s.Affine(modeltest.Normal(s, binding.Float64, 2, 200, 5), 7, 30)
	y = modeltest.Normal(s, binding.Float64, 3, 200, 2)
	require.NoError(t, m.Start(s, x, y))
	return m, x, y
}

// After the start, every coupling is given coordinates of mean 0 and variance 1.
func TestStartNormalisesBeforeEachCoupling(t *testing.T) {
	for _, c := range variants() {
		if c.ActNorm {
			continue // of the two, since started sets it
		}
		t.Run(c.title(), func(t *testing.T) {
			bindingtest.NoLeak(t)
			s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
			m, x, y := started(t, s, c)
			for i, b := range m.blocks {
				normalised, _ := b.norm.forward(s, x)
				values := bindingtest.Float64s(t, s, normalised)
				for k := range 5 {
					mean, variance := stat.PopMeanVariance(modeltest.Column(values, k, 5), nil)
					assert.InDelta(t, 0, mean, 1e-10, "coupling %d, column %d", i, k)
					assert.InDelta(t, 1, variance, 1e-3, "coupling %d, column %d", i, k)
				}
				x, _ = b.forward(s, x, y)
			}
		})
	}
}

// A model that has seen data keeps what it learned from them, also once saved.
func TestStartHappensOnce(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	m, x, y := started(t, s, variants()[0])
	before := modeltest.Encode(t, m.Params())
	require.NoError(t, m.Start(s, s.Scale(x, 3), y))
	assert.Equal(t, before, modeltest.Encode(t, m.Params()))
	loaded := newModel(t, m.Config(), binding.Float64, 9)
	require.NoError(t, loaded.Params().Decode(before))
	require.NoError(t, loaded.Start(s, s.Scale(x, 3), y))
	assert.Equal(t, before, modeltest.Encode(t, loaded.Params()))
}

func TestStartOfOneRowAndWithoutNormalisation(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := modeltest.Normal(s, binding.Float64, 2, 1, 5), modeltest.Normal(s, binding.Float64, 3, 1, 2)
	c := variants()[0]
	c.Dim, c.Conditions, c.ActNorm = 5, 2, true
	m := newModel(t, c, binding.Float64, 1)
	require.NoError(t, m.Start(s, x, y))
	finite, err := s.AllFinite(m.LogProb(s, x, y))
	require.NoError(t, err)
	assert.True(t, finite, "columns that do not vary")

	m = newModel(t, Reference(5, 2), binding.Float64, 1)
	before := modeltest.Encode(t, m.Params())
	require.NoError(t, m.Start(s, x, y))
	assert.Equal(t, before, modeltest.Encode(t, m.Params()))
}

func TestStartRefusesWrongShapes(t *testing.T) {
	bindingtest.NoLeak(t)
	c := variants()[0]
	c.Dim, c.Conditions, c.ActNorm = 5, 2, true
	m := newModel(t, c, binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	err := m.Start(s, s.Zeros(binding.Float64, binding.CPU, 4, 6), s.Zeros(binding.Float64, binding.CPU, 4, 2))
	assert.ErrorIs(t, err, binding.ErrShape)
	assert.ErrorContains(t, err, "cinn: start: ")
}
