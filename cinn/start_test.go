package cinn

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// With networks whose last layers start at zero nothing is stretched or moved: only the flips are left, and an even
// number of those is the identity.
func TestRobustStartsAsIdentity(t *testing.T) {
	for _, dim := range []int64{2, 3, 9} {
		bindingtest.NoLeak(t)
		m := newModel(t, Robust(dim, 4, manyRows), binding.Float32, 1)
		s := bindingtest.OpenSeeded(t, 0)
		x, y := modeltest.Normal(s, binding.Float32, 2, 5, dim), modeltest.Normal(s, binding.Float32, 3, 5, 4)
		z, logDet := m.Forward(s, x, y)
		assert.InDeltaSlice(t, bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, z), 1e-5)
		assert.InDeltaSlice(t, make([]float64, 5), bindingtest.Float64s(t, s, logDet), 1e-4)
	}
}

func TestOddFlipsReverse(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(3, 1, manyRows)
	c.Couplings = 3
	m := newModel(t, c, binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0)
	x := s.FromFloat64s([]float64{1, 2, 3}, binding.Float64, binding.CPU, 1, 3)
	z, _ := m.Forward(s, x, modeltest.Normal(s, binding.Float64, 1, 1, 1))
	assert.Equal(t, []float64{3, 2, 1}, bindingtest.Float64s(t, s, z))
}

// At the very first step the zero layers hide those before them.
func TestRobustFirstMovesLastLayers(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Robust(3, 2, manyRows), binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0)
	loss := m.Loss(s, modeltest.Normal(s, binding.Float64, 2, 8, 3), modeltest.Normal(s, binding.Float64, 3, 8, 2))
	require.NoError(t, s.Backward(loss.Total))
	for _, p := range m.Params().List() {
		g := bindingtest.Float64s(t, s, s.Grad(p.Tensor()))
		if strings.HasSuffix(p.Name, ".2.weight") || strings.HasSuffix(p.Name, ".2.bias") {
			assert.NotEqual(t, make([]float64, p.Size()), g, p.Name)
		} else {
			assert.Equal(t, make([]float64, p.Size()), g, p.Name)
		}
	}
}

// The clamp bounds how far one coupling stretches, whatever its network says.
func TestClampBoundsTheDeterminant(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(5, 2, manyRows)
	c.Coupling, c.Couplings = AffineCoupling, 1
	m := newModel(t, c, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 100)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	_, logDet := m.Forward(s, modeltest.Normal(s, binding.Float64, 2, 64, 5), modeltest.Normal(s, binding.Float64, 3, 64, 2))
	largest := 0.0
	for _, v := range bindingtest.Float64s(t, s, logDet) {
		largest = max(largest, v, -v)
	}
	assert.InDelta(t, 3*c.Clamp, largest, 1e-9, "three columns, each stretched to the bound")
}
