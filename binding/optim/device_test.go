package optim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/optim"
)

// Numbers that come from the device make the steps that those from Go make.
func TestStepOnDeviceIsStep(t *testing.T) {
	bindingtest.NoLeak(t)
	plain, decayed, decoupled := optim.DefaultAdam(), optim.DefaultAdam(), optim.DefaultAdam()
	decayed.WeightDecay, decayed.ClipNorm = 0.1, 20
	decoupled.WeightDecay, decoupled.Decoupled, decoupled.ClipNorm = 0.1, true, 1e9
	forgetful := optim.AdamConfig{Epsilon: 1e-3}
	for _, on := range bindingtest.Devices(t) {
		for dtype, tolerance := range map[binding.DType]float64{binding.Float32: 4e-6, binding.Float64: 1e-12} {
			for i, c := range []optim.AdamConfig{plain, decayed, decoupled, forgetful} {
				t.Run(fmt.Sprint(on, dtype, i), func(t *testing.T) { checkOnDevice(t, c, dtype, on, tolerance) })
			}
		}
	}
}

func checkOnDevice(t *testing.T, c optim.AdamConfig, dtype binding.DType, on binding.Device, tolerance float64) {
	const steps, n = 200, 517
	one, two := parameters(t, dtype, on, []int64{n}), parameters(t, dtype, on, []int64{n})
	a, b := newAdam(t, one, c), newAdam(t, two, c)
	random := rand.New(rand.NewPCG(1, 2))
	schedule := optim.Schedule{Kind: optim.CosineRate, Rate: 1e-3, Warmup: 20, Total: steps}
	for step := range int64(steps) {
		g := make([]float64, n)
		for i := range g {
			g[i] = random.NormFloat64() + math.Sin(float64(i))
		}
		set(t, one.Gradient(), g)
		set(t, two.Gradient(), g)
		s := bindingtest.Open(t)
		rate := schedule.At(step)
		want := bindingtest.Item(t, s, a.Step(s, rate))
		numbers := s.FromFloat64s([]float64{float64(step + 1), rate}, binding.Float64, on, 2)
		assert.InEpsilon(t, want, bindingtest.Item(t, s, b.StepOnDevice(s, numbers)), tolerance)
		b.Count()
	}
	assert.Equal(t, a.Steps(), b.Steps())
	meanA, squareA := a.Moments()
	meanB, squareB := b.Moments()
	for what, pair := range map[string][2]binding.Tensor{
		"parameters": {one.Flat(), two.Flat()}, "mean": {meanA, meanB}, "square": {squareA, squareB}, "gradient": {one.Gradient(), two.Gradient()},
	} {
		assert.InDeltaSlice(t, bindingtest.Values(t, pair[0]), bindingtest.Values(t, pair[1]), tolerance, what)
	}
}

func TestStepOnDeviceRefusesOtherNumbers(t *testing.T) {
	bindingtest.NoLeak(t)
	p := parameters(t, binding.Float32, binding.CPU, []int64{3})
	a := newAdam(t, p, optim.DefaultAdam())
	for kind, numbers := range map[binding.Kind]func(s *binding.Scope) binding.Tensor{
		binding.ErrShape: func(s *binding.Scope) binding.Tensor { return s.Full(1, binding.Float64, binding.CPU, 3) },
		binding.ErrDType: func(s *binding.Scope) binding.Tensor { return s.Full(1, binding.Float32, binding.CPU, 2) },
	} {
		s := bindingtest.Open(t)
		a.StepOnDevice(s, numbers(s))
		require.ErrorIs(t, s.Err(), kind)
	}
	assert.Zero(t, a.Steps())
}
