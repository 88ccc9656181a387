//go:build gotorch

package gotorch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// model is a small regression of ours: an MLP from 3 to 1 numbers, in float64.
type model struct {
	mlp    *nn.MLP
	params *nn.Params
}

func newModel(t *testing.T, seed uint64) model {
	t.Helper()
	var layout nn.Layout
	m := model{mlp: layout.MLP("mlp", false, 3, 8, 1)}
	var err error
	m.params, err = layout.Allocate(nn.Architecture{Kind: "regression"}, nn.Placement{DType: binding.Float64, Seed: seed})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.params.Close()) })
	return m
}

// loss returns the mean of (mlp(x) - Σx)².
func (m model) loss(s *binding.Scope, x binding.Tensor) binding.Tensor {
	target := s.Reshape(s.Sum(x, 1), -1, 1)
	return s.Mean(s.Square(s.Sub(m.mlp.Forward(s, x), target)))
}

func (m model) theirs(t *testing.T, s *binding.Scope) []torch.Tensor {
	t.Helper()
	var all []torch.Tensor
	for _, p := range m.params.List() {
		all = append(all, to(t, s, p.Tensor()))
	}
	return all
}

func TestAdamAgrees(t *testing.T) {
	bindingtest.NoLeak(t)
	const rate, decay = 0.01, 0.1
	s := bindingtest.Open(t)
	mine, counterpart := newModel(t, 5), newModel(t, 5)
	x := leaves(t, s, [][]int64{{16, 3}}, binding.Float64)[0]

	config := optim.DefaultAdam()
	config.WeightDecay = decay
	ours, err := optim.NewAdam(mine.params, config)
	require.NoError(t, err)
	defer ours.Close()
	theirs := torch.Adam(rate, config.Beta1, config.Beta2, decay)
	theirs.AddParameters(counterpart.theirs(t, s))

	for range 25 {
		require.NoError(t, s.Backward(mine.loss(s, x)))
		ours.Step(s, rate)
		theirs.ZeroGrad()
		require.NoError(t, s.Backward(counterpart.loss(s, x)))
		theirs.Step()
		near(t, bindingtest.Float64s(t, s, counterpart.params.Flat()), bindingtest.Float64s(t, s, mine.params.Flat()), 1e-12, "parameters")
	}
}
