package modeltest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/optim"
)

// TrainsAlike trains a model of as many positions as momenta by steps of Adam with gradients found as one operation, and
// another one with recorded ones, from the same weights, batches and random numbers. It returns the largest relative
// difference of the losses.
func TrainsAlike[C any, M Fused](t *testing.T, build Build[C, M], config C, of Case, steps int) (worst float64) {
	fused := losses(t, New(t, build, config, of.DType, 1), of, steps, binding.NoGrad())
	generic := losses(t, New(t, build, config, of.DType, 1), of, steps)
	assert.Less(t, stat.Mean(generic[steps-10:], nil), stat.Mean(generic[:10], nil), "the training gets somewhere")
	for i, want := range generic {
		worst = max(worst, math.Abs(fused[i]-want)/max(1, math.Abs(want)))
	}
	return worst
}

func losses[M Fused](t *testing.T, m M, of Case, steps int, options ...binding.Option) (losses []float64) {
	data := bindingtest.Open(t, binding.NoGrad())
	all := of
	all.Batch *= int64(steps) // no row twice: a flow that learns rows by heart runs away, and rounding with it
	noise, y := all.Rows(data)
	x := data.Add(data.Scale(noise, 0.5), data.Tanh(data.Scale(y, 2)))
	if starter, ok := any(m).(interface {
		Start(s *binding.Scope, x, y binding.Tensor) error
	}); ok {
		require.NoError(t, starter.Start(data, x, y))
	}
	adam, err := optim.NewAdam(m.Params(), optim.DefaultAdam())
	require.NoError(t, err)
	defer adam.Close()
	s := bindingtest.OpenSeeded(t, 5, options...)
	for step := range steps {
		first := int64(step) * of.Batch
		loss := differentiate(t, m, s, s.Narrow(x, 0, first, of.Batch), s.Narrow(y, 0, first, of.Batch))
		losses = append(losses, bindingtest.Item(t, s, loss.Total))
		adam.Step(s, 1e-3)
		require.NoError(t, s.Err())
		require.NoError(t, s.Reset())
	}
	return losses
}
