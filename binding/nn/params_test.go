package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestFlatIsTheParameters(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float64, 1))
	s := bindingtest.Open(t, binding.NoGrad())
	counting := make([]float64, m.params.Count())
	for i := range counting {
		counting[i] = float64(i)
	}
	s.Copy(m.params.Flat(), s.FromFloat64s(counting, binding.Float64, binding.CPU, int64(len(counting))))
	require.NoError(t, s.Err())
	next := 0
	for _, q := range m.params.List() {
		assert.Equal(t, counting[next:next+q.Size()], bindingtest.Values(t, q.Tensor()), q.Name)
		next += q.Size()
	}
	s.Zero(m.offset.Tensor())
	assert.Equal(t, 0.0, bindingtest.Values(t, m.params.Flat())[next-1], "and the other way round")
	assert.Equal(t, []float64{2, 2}, bindingtest.Values(t, m.scale.Tensor()), "buffers lie elsewhere")
}

func TestGradientIsTheParametersGradients(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float64, 1))
	s := bindingtest.Open(t)
	x := s.FromFloat64s([]float64{1, 2, 3}, binding.Float64, binding.CPU, 1, 3)
	for range 2 {
		loss := s.Add(s.Sum(m.network.Forward(s, x)), s.Scale(m.offset.Tensor(), 3))
		require.NoError(t, s.Backward(loss))
	}
	all := bindingtest.Values(t, m.params.Gradient())
	next := 0
	for _, q := range m.params.List() {
		own := bindingtest.Values(t, s.Grad(q.Tensor()))
		assert.Equal(t, all[next:next+q.Size()], own, q.Name)
		assert.NotEqual(t, make([]float64, q.Size()), own, q.Name)
		next += q.Size()
	}
	assert.Equal(t, 6.0, all[next-1], "two backward passes")
	s.Zero(m.params.Gradient())
	require.NoError(t, s.Err())
	assert.Equal(t, []float64{0, 0}, bindingtest.Values(t, s.Grad(m.params.List()[3].Tensor())))
}

func TestClosedParameters(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float32, 1))
	require.NoError(t, m.params.Close())
	require.NoError(t, m.params.Close())
	s := bindingtest.Open(t)
	m.network.Forward(s, s.Zeros(binding.Float32, binding.CPU, 1, 3))
	assert.ErrorIs(t, s.Err(), binding.ErrClosed)
	_, err := m.params.Encode()
	assert.ErrorIs(t, err, binding.ErrClosed)
	assert.ErrorContains(t, err, "nn: encode network.0.weight: ")
}

func TestDecodeIntoClosedParameters(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float32, 1))
	data, err := m.params.Encode()
	require.NoError(t, err)
	require.NoError(t, m.params.Close())
	assert.ErrorIs(t, m.params.Decode(data), binding.ErrClosed)
}
