package optim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// stepAlong makes steps with random gradients that follow from the number of the step alone.
func stepAlong(t *testing.T, p *nn.Params, a *optim.Adam, steps int64) {
	t.Helper()
	for range steps {
		r := rand.New(rand.NewPCG(uint64(a.Steps()), 0))
		gradient := make([]float64, p.Count())
		for i := range gradient {
			gradient[i] = r.NormFloat64()
		}
		set(t, p.Gradient(), gradient)
		s := bindingtest.Open(t)
		a.Step(s, 0.01)
		require.NoError(t, s.Err())
	}
}

func TestRestoredStateContinuesToTheBit(t *testing.T) {
	bindingtest.NoLeak(t)
	config := optim.AdamConfig{Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-8, WeightDecay: 0.1, Decoupled: true, ClipNorm: 1}
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		whole, broken := parameters(t, dtype, binding.CPU, []int64{7}), parameters(t, dtype, binding.CPU, []int64{7})
		first, second, third := newAdam(t, whole, config), newAdam(t, broken, config), newAdam(t, broken, config)
		stepAlong(t, whole, first, 10)

		stepAlong(t, broken, second, 5)
		mean, square := second.Moments()
		s := bindingtest.Open(t)
		heldMean := s.FromFloat64s(bindingtest.Values(t, mean), binding.Float64, binding.CPU, 7)
		heldSquare := s.FromFloat64s(bindingtest.Values(t, square), binding.Float64, binding.CPU, 7)
		require.NoError(t, third.Restore(s, second.Steps(), heldMean, heldSquare))
		assert.Equal(t, int64(5), third.Steps())
		stepAlong(t, broken, third, 5)

		assert.Equal(t, bindingtest.Values(t, whole.Flat()), bindingtest.Values(t, broken.Flat()))
		wholeMean, wholeSquare := first.Moments()
		mean, square = third.Moments()
		assert.Equal(t, bindingtest.Values(t, wholeMean), bindingtest.Values(t, mean))
		assert.Equal(t, bindingtest.Values(t, wholeSquare), bindingtest.Values(t, square))
	}
}

func TestRestoreRefusesAnotherModelsState(t *testing.T) {
	bindingtest.NoLeak(t)
	p := parameters(t, binding.Float32, binding.CPU, []int64{7})
	a := newAdam(t, p, optim.DefaultAdam())
	stepAlong(t, p, a, 1)
	before, _ := a.Moments()
	want := bindingtest.Values(t, before)
	for _, n := range []int64{1, 6, 8} {
		s := bindingtest.Open(t)
		moments := s.Full(3, binding.Float32, binding.CPU, n)
		assert.ErrorIs(t, a.Restore(s, 9, moments, moments), binding.ErrShape)
		assert.Equal(t, int64(1), a.Steps())
		assert.Equal(t, want, bindingtest.Values(t, before))
	}
}

func TestStepInAFailedScopeDoesNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	p := parameters(t, binding.Float32, binding.CPU, []int64{2})
	a := newAdam(t, p, optim.DefaultAdam())
	before := bindingtest.Values(t, p.Flat())
	s := bindingtest.Open(t)
	s.Fail(assert.AnError)
	assert.False(t, a.Step(s, 0.1).Valid())
	assert.Zero(t, a.Steps())
	assert.Equal(t, before, bindingtest.Values(t, p.Flat()))
}

func TestClosedOptimiser(t *testing.T) {
	bindingtest.NoLeak(t)
	p := parameters(t, binding.Float32, binding.CPU, []int64{2})
	a := newAdam(t, p, optim.DefaultAdam())
	require.NoError(t, a.Close())
	require.NoError(t, a.Close())
	s := bindingtest.Open(t)
	a.Step(s, 0.1)
	assert.ErrorIs(t, s.Err(), binding.ErrClosed)
	assert.Zero(t, a.Steps())
}

func TestSettingsThatMakeNoSense(t *testing.T) {
	bindingtest.NoLeak(t)
	p := parameters(t, binding.Float32, binding.CPU, []int64{2})
	for _, beta := range []float64{-0.1, 1, 1.5, math.NaN(), math.Inf(1)} {
		_, err := optim.NewAdam(p, optim.AdamConfig{Beta1: beta, Beta2: 0.9})
		assert.ErrorContains(t, err, "optim: new Adam: ")
		_, err = optim.NewAdam(p, optim.AdamConfig{Beta1: 0.9, Beta2: beta})
		assert.ErrorContains(t, err, "optim: new Adam: ")
	}
}

// Far from the minimum Adam walks at the learning rate: Kingma & Ba's bound of the step, for a constant gradient.
func TestAConstantGradientMovesByTheRate(t *testing.T) {
	bindingtest.NoLeak(t)
	p := parameters(t, binding.Float64, binding.CPU, []int64{2})
	a := newAdam(t, p, optim.DefaultAdam())
	before := bindingtest.Values(t, p.Flat())
	const steps, rate = 50, 0.01
	for range steps {
		set(t, p.Gradient(), []float64{5, -1e-3})
		s := bindingtest.Open(t)
		a.Step(s, rate)
		require.NoError(t, s.Err())
	}
	after := bindingtest.Values(t, p.Flat())
	assert.InDelta(t, before[0]-steps*rate, after[0], 1e-6)
	assert.InDelta(t, before[1]+steps*rate, after[1], 1e-5)
}
