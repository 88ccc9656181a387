package nn_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

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

// values returns all that a model saves: its parameters and then its buffers.
func (m *model) values(t testing.TB) []float64 {
	t.Helper()
	all := bindingtest.Values(t, m.params.Flat())
	for _, b := range m.params.Buffers() {
		all = append(all, bindingtest.Values(t, b.Tensor())...)
	}
	return all
}

// fill writes other values to all parameters and buffers.
func (m *model) fill(t testing.TB, value float64) {
	t.Helper()
	s := bindingtest.Open(t, binding.NoGrad())
	for _, q := range append(append([]*nn.Param{}, m.params.List()...), m.params.Buffers()...) {
		s.Copy(q.Tensor(), s.Full(value, m.params.DType(), m.params.Device(), q.Shape...))
	}
	require.NoError(t, s.Err())
}
