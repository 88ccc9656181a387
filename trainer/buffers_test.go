package trainer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// trended is a regression of what a trend leaves. It starts from the rows times a factor, as another version of a program
// may start otherwise.
type trended struct {
	params *nn.Params
	net    *nn.MLP
	trend  *nn.Trend
	factor float64
}

func newTrended(t *testing.T, dim, conditions int64, factor float64) *trended {
	t.Helper()
	var layout nn.Layout
	m := &trended{net: layout.MLP("net", false, conditions, dim), trend: layout.Trend("trend", dim, conditions, 1), factor: factor}
	var err error
	m.params, err = layout.Allocate(nn.Architecture{Kind: "trended"}, nn.Placement{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.params.Close()) })
	return m
}

func (m *trended) Params() *nn.Params { return m.params }

func (m *trended) Start(s *binding.Scope, x, y binding.Tensor) error {
	return m.trend.Fit(s, s.Scale(x, m.factor), y)
}

func (m *trended) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	return nn.Loss{Total: s.Mean(s.Square(s.Sub(m.trend.Residual(s, x, y), m.net.Forward(s, y))))}
}

// What a model was started with belongs to the weights of the checkpoint, and is not found anew.
func TestResumedTrainingsKeepBuffers(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	d, conditions := int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols)
	c := quick()
	c.Epochs, c.Dir, c.Resume = 2, t.TempDir(), true
	values := func(m *trended) (all [][]float64) {
		for _, b := range m.params.Buffers() {
			all = append(all, bindingtest.Values(t, b.Tensor()))
		}
		return all
	}
	first := newTrended(t, d, conditions, 1)
	fitSteps(t, first, split, c, 0)
	c.Epochs = 3
	second := newTrended(t, d, conditions, 2)
	fitSteps(t, second, split, c, 0)
	require.Equal(t, values(first), values(second))
}
