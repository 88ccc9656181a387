package posterior_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// Normal momenta with normal noise have a posterior in closed form too: x = 1 + p/20 + noise of sigma, and p given its
// noisy measurement is normal with variance 1/(1/10² + 1/a²).
func TestMomentumNoiseAgainstAKnownPosterior(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, noise := context.Background(), trainer.MomentumNoise{Absolute: 6}
	dir := train(t, "cinn", 3000, 25, func(c *trainer.Config) { c.MomentumNoise = noise })
	v, err := posterior.Open(ctx, dir)
	require.NoError(t, err)
	defer v.Close()
	require.Equal(t, noise, v.Run().Training.MomentumNoise)
	events := linearEvents(t, 400, 21)
	e, err := v.Evaluate(ctx, events, posterior.EvaluateOptions{Draws: 200, MomentumNoise: noise})
	require.NoError(t, err)
	require.Equal(t, noise, e.MomentumNoise)

	variance := sigma*sigma + 1/(1/100.+1/36.)/400
	require.InEpsilon(t, variance*5/6, e.Point.MSE, 0.25)
	for name, nominal := range map[string]float64{"0.5": 0.5, "0.68": 0.68, "0.9": 0.9, "0.95": 0.95} {
		require.InDelta(t, nominal, e.Coverage[name], 0.07, name)
	}
	require.InDelta(t, 2.5*math.Log(2*math.Pi*math.E*variance), e.NLL, 0.5)

	clean, err := v.Evaluate(ctx, events, posterior.EvaluateOptions{Draws: 200})
	require.NoError(t, err)
	require.Less(t, clean.Point.MSE, 0.8*e.Point.MSE, "momenta as they are")
	require.Greater(t, clean.Coverage["0.68"], e.Coverage["0.68"]+0.05)
}

func TestMomentumNoiseIsOneRealisation(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, o := context.Background(), posterior.EvaluateOptions{Draws: 10, MomentumNoise: trainer.MomentumNoise{Relative: 0.1}}
	dir, events := train(t, "cinn", 200, 1), linearEvents(t, 30, 21)
	evaluate := func(seed uint64) *posterior.Evaluation {
		v, err := posterior.Open(ctx, dir, posterior.WithSeed(seed))
		require.NoError(t, err)
		defer v.Close()
		first, err := v.Evaluate(ctx, events, o)
		require.NoError(t, err)
		again, err := v.Evaluate(ctx, events, o)
		require.NoError(t, err)
		require.Equal(t, first, again)
		return first
	}
	require.NotEqual(t, evaluate(1).NLL, evaluate(2).NLL, "the density is random by its noise alone")
}

func TestBadMomentumNoiseIsRefused(t *testing.T) {
	bindingtest.NoLeak(t)
	v, err := posterior.Open(context.Background(), train(t, "cvae", 200, 1))
	require.NoError(t, err)
	defer v.Close()
	_, err = v.Evaluate(context.Background(), linearEvents(t, 5, 1), posterior.EvaluateOptions{MomentumNoise: trainer.MomentumNoise{Relative: -1}})
	require.ErrorContains(t, err, "not negative")
}
