//go:build gotorch

package gotorch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/gotorch"
)

// backwards are the ways to start a backward pass at a loss of gotorch's.
var backwards = map[string]func(t *testing.T, s *binding.Scope, loss torch.Tensor){
	"theirs": func(_ *testing.T, _ *binding.Scope, loss torch.Tensor) { loss.Backward() },
	"ours": func(t *testing.T, s *binding.Scope, loss torch.Tensor) {
		require.NoError(t, s.Backward(from(t, s, loss)))
	},
}

func TestLeafOfOursTakesGradientOnBothSides(t *testing.T) {
	bindingtest.NoLeak(t)
	for name, backward := range backwards {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.Open(t)
			ours := s.FromFloat64s([]float64{1, -2, 3}, binding.Float64, binding.CPU, 3)
			s.RequireGrad(ours)
			theirs := to(t, s, ours)
			for step := 1; step <= 2; step++ { // gradients accumulate
				backward(t, s, keep(t, torch.Sum(keep(t, torch.Mul(theirs, theirs)))))
				n := float64(step)
				assert.Equal(t, []float64{2 * n, -4 * n, 6 * n}, bindingtest.Float64s(t, s, s.Grad(ours)))
				assert.Equal(t, []float64{2 * n, -4 * n, 6 * n}, elements(t, keep(t, theirs.Grad())))
			}
		})
	}
}

func TestLeafOfTheirsTakesGradientOnBothSides(t *testing.T) {
	bindingtest.NoLeak(t)
	for name, backward := range backwards {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.Open(t)
			theirs := keep(t, torch.Full([]int64{3}, 2, true))
			ours := from(t, s, theirs)
			backward(t, s, to(t, s, s.Sum(s.Square(ours))))
			assert.Equal(t, []float64{4, 4, 4}, elements(t, keep(t, theirs.Grad())))
			assert.Equal(t, []float64{4, 4, 4}, bindingtest.Float64s(t, s, s.Grad(ours)))
		})
	}
}

// The chain sum(tanh(exp(x)·x)²) changes sides after every operation; its derivative is known.
func TestHistoryCrossesWithTheTensor(t *testing.T) {
	bindingtest.NoLeak(t)
	for name, backward := range backwards {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.Open(t)
			x := leaves(t, s, [][]int64{{3}}, binding.Float64)[0]
			product := keep(t, torch.Mul(to(t, s, s.Exp(x)), to(t, s, x)))
			squashed := to(t, s, s.Tanh(from(t, s, product)))
			backward(t, s, keep(t, torch.Sum(keep(t, torch.Mul(squashed, squashed)))))

			plain := leaves(t, s, [][]int64{{3}}, binding.Float64)[0]
			require.NoError(t, s.Backward(s.Sum(s.Square(s.Tanh(s.Mul(s.Exp(plain), plain))))))
			near(t, bindingtest.Float64s(t, s, s.Grad(plain)), bindingtest.Float64s(t, s, s.Grad(x)), 1e-14, "gradient")
		})
	}
}

func TestCrossingWithoutGradKeepsTheLeaf(t *testing.T) {
	bindingtest.NoLeak(t)
	quiet := bindingtest.Open(t, binding.NoGrad())
	s := bindingtest.Open(t)
	theirs := keep(t, torch.Full([]int64{2}, 3, true))
	ours := from(t, quiet, theirs)
	back := to(t, quiet, ours)

	keep(t, torch.Sum(keep(t, torch.Mul(back, back)))).Backward()
	assert.Equal(t, []float64{6, 6}, bindingtest.Float64s(t, s, s.Grad(ours)))

	// What is computed in a scope without gradients has no history on the other side either.
	assert.ErrorIs(t, s.Backward(from(t, s, to(t, quiet, quiet.Sum(ours)))), binding.ErrTorch)
}

// gotorch's own Backward would end the process here.
func TestBackwardOfAVectorIsAnError(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	theirs := keep(t, torch.Full([]int64{2}, 3, true))
	vector := from(t, s, keep(t, torch.Mul(theirs, theirs)))
	assert.ErrorIs(t, s.Backward(vector), binding.ErrShape)
}

func TestGradientThatIsNotThereIsRefused(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	leaf := keep(t, torch.Full([]int64{2}, 3, true))
	_, err := gotorch.FromGoTorch(s, keep(t, leaf.Grad()))
	assert.ErrorIs(t, err, binding.ErrArgument)
}
