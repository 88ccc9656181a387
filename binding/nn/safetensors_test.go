package nn_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

func encode(t testing.TB, m *model) []byte {
	t.Helper()
	data, err := m.params.Encode()
	require.NoError(t, err)
	return data
}

func TestRoundTripToTheBit(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		m, other := newModel(t, on(dtype, 1)), newModel(t, on(dtype, 2))
		other.fill(t, 9)
		data := encode(t, m)
		require.NoError(t, other.params.Decode(data))
		assert.Equal(t, m.values(t), other.values(t))
		assert.Equal(t, data, encode(t, other), "the same values give the same bytes")
	}
}

func TestUncommonNumbersSurvive(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, value := range []float64{math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.SmallestNonzeroFloat32, math.MaxFloat32} {
		m, other := newModel(t, on(binding.Float32, 1)), newModel(t, on(binding.Float32, 2))
		m.fill(t, value)
		require.NoError(t, other.params.Decode(encode(t, m)))
		for _, got := range other.values(t) {
			require.Equal(t, math.Float64bits(value), math.Float64bits(got))
		}
	}
	m, other := newModel(t, on(binding.Float64, 1)), newModel(t, on(binding.Float64, 2))
	m.fill(t, math.NaN())
	require.NoError(t, other.params.Decode(encode(t, m)))
	assert.True(t, math.IsNaN(other.values(t)[0]))
}

func TestFilesCrossElementTypes(t *testing.T) {
	bindingtest.NoLeak(t)
	double, single := newModel(t, on(binding.Float64, 1)), newModel(t, on(binding.Float32, 2))
	require.NoError(t, single.params.Decode(encode(t, double)))
	for i, v := range single.values(t) {
		assert.Equal(t, float64(float32(double.values(t)[i])), v)
	}
	require.NoError(t, double.params.Decode(encode(t, single)))
	assert.Equal(t, single.values(t), double.values(t))
}

func TestDecodeKeepsTheMemory(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float32, 1))
	flat, first := m.params.Flat().NativeHandle(), m.params.List()[0].Tensor()
	data := encode(t, newModel(t, on(binding.Float32, 2)))
	require.NoError(t, m.params.Decode(data))
	assert.Equal(t, flat, m.params.Flat().NativeHandle())
	assert.Equal(t, bindingtest.Values(t, m.params.Flat())[:15], bindingtest.Values(t, first), "parameters are still views of it")
}

func TestArchitectureOfAFile(t *testing.T) {
	bindingtest.NoLeak(t)
	file := filepath.Join(t.TempDir(), "model.safetensors")
	m, other := newModel(t, on(binding.Float32, 1)), newModel(t, on(binding.Float32, 2))
	require.NoError(t, os.WriteFile(file, encode(t, m), 0o644))
	got, err := nn.ReadArchitecture(file)
	require.NoError(t, err)
	assert.Equal(t, architecture, got)
	require.NoError(t, other.params.Load(file))
	assert.Equal(t, m.values(t), other.values(t))
}

func TestArchitectureWithoutConfiguration(t *testing.T) {
	bindingtest.NoLeak(t)
	var l nn.Layout
	l.Param("a", nn.Constant(1), 2)
	p, err := l.Allocate(nn.Architecture{Kind: "bare"}, on(binding.Float32, 1))
	require.NoError(t, err)
	defer p.Close()
	data, err := p.Encode()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "bare.safetensors")
	require.NoError(t, os.WriteFile(file, data, 0o644))
	got, err := nn.ReadArchitecture(file)
	require.NoError(t, err)
	assert.Equal(t, nn.Architecture{Kind: "bare"}, got)
	_, err = json.Marshal(got)
	assert.NoError(t, err)
}
