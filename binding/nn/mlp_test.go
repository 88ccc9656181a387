package nn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// With every weight and bias equal to w, the hidden value is elu(w·Σx + w) and the output (hidden width)·w·hidden + w.
func TestMLPForward(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float64, 1))
	for _, w := range []float64{0.25, -0.25} {
		m.fill(t, w)
		s := bindingtest.Open(t)
		x := s.FromFloat64s([]float64{1, 2, 3, 0, 0, 0}, binding.Float64, binding.CPU, 2, 3)
		got, err := s.Float64s(m.network.Forward(s, x))
		require.NoError(t, err)
		for i, sum := range []float64{6, 0} {
			hidden := w*sum + w
			if hidden < 0 {
				hidden = math.Expm1(hidden)
			}
			assert.InDelta(t, 5*w*hidden+w, got[2*i], 1e-15)
			assert.InDelta(t, 5*w*hidden+w, got[2*i+1], 1e-15)
		}
	}
}

func TestAppendTensorsGivesWeightsAndBiasesByTurns(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float32, 1))
	var want []binding.Tensor
	for _, q := range m.params.List()[:4] {
		want = append(want, q.Tensor())
	}
	assert.Equal(t, append([]binding.Tensor{m.offset.Tensor()}, want...), m.network.AppendTensors([]binding.Tensor{m.offset.Tensor()}))
	assert.Equal(t, want, m.network.AppendTensors(nil))
}

func TestSingleLayerHasNoActivation(t *testing.T) {
	bindingtest.NoLeak(t)
	var l nn.Layout
	network := l.MLP("line", false, 1, 1)
	p, err := l.Allocate(architecture, on(binding.Float64, 1))
	require.NoError(t, err)
	defer p.Close()
	s := bindingtest.Open(t)
	y, err := s.Float64s(network.Forward(s, s.FromFloat64s([]float64{-100, 0, 100}, binding.Float64, binding.CPU, 3, 1)))
	require.NoError(t, err)
	assert.InDelta(t, y[1], (y[0]+y[2])/2, 1e-12)
}
