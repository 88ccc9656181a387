//go:build gotorch

package gotorch_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"
	"github.com/wangkuiyi/gotorch/nn"
	"github.com/wangkuiyi/gotorch/nn/initializer"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/gotorch"
	ournn "github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// A program written on gotorch, whose network has an MLP of ours between two layers of gotorch's. Every part is trained by
// its own side's optimiser, in a loop of gotorch's kind, which collects garbage at each step.
func TestTrainingOnGoTorchWithAModelOfOurs(t *testing.T) {
	bindingtest.NoLeak(t)
	// gotorch.GC belongs to one OS thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	initializer.ManualSeed(1)

	n := newNetwork(t)
	x := torch.RandN([]int64{64, 4}, false)
	sum := torch.Sum(x, map[string]any{"dim": 1, "keepDim": true})
	y := torch.Tanh(sum)
	defer runtime.KeepAlive([]torch.Tensor{x, sum, y})

	first := n.step(t, x, y)
	last := first
	for range 150 {
		torch.GC()
		last = n.step(t, x, y)
	}
	torch.FinishGC()
	assert.Less(t, last, 0.05*first)
}

type network struct {
	in, out *nn.LinearModule
	middle  *ournn.MLP
	sgd     torch.Optimizer
	adam    *optim.Adam
}

func newNetwork(t *testing.T) network {
	t.Helper()
	var layout ournn.Layout
	n := network{in: nn.Linear(4, 6, true), middle: layout.MLP("middle", false, 6, 16, 6), out: nn.Linear(6, 1, true)}
	params, err := layout.Allocate(ournn.Architecture{Kind: "middle"}, ournn.Placement{Seed: 3})
	require.NoError(t, err)
	n.adam, err = optim.NewAdam(params, optim.DefaultAdam())
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, n.adam.Close())
		assert.NoError(t, params.Close())
	})
	n.sgd = torch.SGD(0.1, 0.9, 0, 0, false)
	n.sgd.AddParameters(append(n.in.Parameters(), n.out.Parameters()...))
	return n
}

// step trains on one batch and returns the loss before.
func (n network) step(t *testing.T, x, y torch.Tensor) float64 {
	t.Helper()
	s := binding.NewScope()
	defer s.Close()

	n.sgd.ZeroGrad()
	hidden := n.in.Forward(x)
	inner, err := gotorch.ToGoTorch(s, n.middle.Forward(s, s.Tanh(from(t, s, hidden))))
	require.NoError(t, err)
	outer := n.out.Forward(inner)
	difference := torch.Sub(outer, y, 1)
	square := torch.Mul(difference, difference)
	loss := torch.Mean(square)
	loss.Backward()
	runtime.KeepAlive([]torch.Tensor{outer, difference, square, loss})
	n.sgd.Step()
	n.adam.Step(s, 0.01)

	value, err := s.Item(from(t, s, loss))
	require.NoError(t, err)
	return value
}
