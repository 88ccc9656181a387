package optim_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding/optim"
)

func TestConstantRate(t *testing.T) {
	s := optim.Schedule{Kind: optim.ConstantRate, Rate: 0.3}
	for _, step := range []int64{0, 1, 1 << 40} {
		assert.Equal(t, 0.3, s.At(step))
	}
}

func TestWarmupRisesLinearlyToTheRate(t *testing.T) {
	for _, kind := range []optim.ScheduleKind{optim.ConstantRate, optim.CosineRate} {
		s := optim.Schedule{Kind: kind, Rate: 2, Warmup: 4, Total: 10}
		for step, want := range []float64{0.5, 1, 1.5, 2, 2} {
			assert.InDelta(t, want, s.At(int64(step)), 1e-15)
		}
	}
}

func TestCosineFallsToZeroAndStays(t *testing.T) {
	s := optim.Schedule{Kind: optim.CosineRate, Rate: 2, Warmup: 3, Total: 103}
	for i := range int64(101) {
		assert.InDelta(t, 1+math.Cos(math.Pi*float64(i)/100), s.At(3+i), 1e-15)
		// Half a cosine is odd about its middle.
		assert.InDelta(t, 2, s.At(3+i)+s.At(103-i), 1e-15)
	}
	assert.Equal(t, 0.0, s.At(103))
	assert.Equal(t, 0.0, s.At(1<<40))
	for step := int64(3); step < 103; step++ {
		assert.Greater(t, s.At(step), s.At(step+1))
	}
}

func TestCheckedSchedulesGiveRatesWithinBounds(t *testing.T) {
	for _, s := range []optim.Schedule{
		{Kind: optim.ConstantRate, Rate: 1e-4}, {Kind: optim.ConstantRate, Rate: 1, Warmup: 5},
		{Kind: optim.CosineRate, Rate: 1, Total: 1}, {Kind: optim.CosineRate, Rate: 1, Warmup: 1, Total: 2},
	} {
		assert.NoError(t, s.Check())
		for step := range int64(10) {
			assert.GreaterOrEqual(t, s.At(step), 0.0)
			assert.LessOrEqual(t, s.At(step), s.Rate)
		}
		assert.Positive(t, s.At(0))
	}
}

func TestSchedulesThatMakeNoSense(t *testing.T) {
	for want, s := range map[string]optim.Schedule{
		`"linear" is not constant or cosine`:   {Kind: "linear", Rate: 1},
		`"" is not constant or cosine`:         {Rate: 1},
		"must be positive, got 0":              {Kind: optim.ConstantRate},
		"must be positive, got -1":             {Kind: optim.CosineRate, Rate: -1, Total: 5},
		"must be positive, got NaN":            {Kind: optim.ConstantRate, Rate: math.NaN()},
		"must be positive, got +Inf":           {Kind: optim.ConstantRate, Rate: math.Inf(1)},
		"-1 warm-up steps do not fit into 0":   {Kind: optim.ConstantRate, Rate: 1, Warmup: -1},
		"5 warm-up steps do not fit into 5":    {Kind: optim.CosineRate, Rate: 1, Warmup: 5, Total: 5},
		"0 warm-up steps do not fit into 0":    {Kind: optim.CosineRate, Rate: 1},
		"0 warm-up steps do not fit into -100": {Kind: optim.CosineRate, Rate: 1, Total: -100},
	} {
		err := s.Check()
		assert.ErrorContains(t, err, "optim: check schedule: ")
		assert.ErrorContains(t, err, want)
	}
}
