package nn_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// noLeak asserts, when the test ends, that as many native tensors live as at the call.
func noLeak(t testing.TB) {
	t.Helper()
	tensors, _, err := binding.Live()
	require.NoError(t, err)
	t.Cleanup(func() {
		now, _, err := binding.Live()
		assert.NoError(t, err)
		assert.Equal(t, tensors, now, "live tensors")
	})
}

// open returns a scope that is closed when the test ends.
func open(t testing.TB, options ...binding.Option) *binding.Scope {
	t.Helper()
	s := binding.NewScope(options...)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// model is a small network with a buffer, as the models of this repository are laid out.
type model struct {
	network *nn.MLP
	offset  *nn.Param
	scale   *nn.Param
	params  *nn.Params
}

var architecture = nn.Architecture{Kind: "test", Config: json.RawMessage(`{"width":5}`)}

func newModel(t testing.TB, at nn.Placement) *model {
	t.Helper()
	var l nn.Layout
	m := &model{network: l.MLP("network", false, 3, 5, 2), offset: l.Param("offset", nn.Constant(0.5)), scale: l.Buffer("scale", nn.Constant(2), 2)}
	var err error
	m.params, err = l.Allocate(architecture, at)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.params.Close()) })
	return m
}

func on(dtype binding.DType, seed uint64) nn.Placement {
	return nn.Placement{Device: binding.CPU, DType: dtype, Seed: seed}
}

func float64s(t testing.TB, x binding.Tensor) []float64 {
	t.Helper()
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	values, err := s.Float64s(x)
	require.NoError(t, err)
	return values
}

// values returns all that a model saves: its parameters and then its buffers.
func (m *model) values(t testing.TB) []float64 {
	t.Helper()
	all := float64s(t, m.params.Flat())
	for _, b := range m.params.Buffers() {
		all = append(all, float64s(t, b.Tensor())...)
	}
	return all
}

// fill writes other values to all parameters and buffers.
func (m *model) fill(t testing.TB, value float64) {
	t.Helper()
	s := open(t, binding.NoGrad())
	for _, q := range append(append([]*nn.Param{}, m.params.List()...), m.params.Buffers()...) {
		s.Copy(q.Tensor(), s.Full(value, m.params.DType(), m.params.Device(), q.Shape...))
	}
	require.NoError(t, s.Err())
}
