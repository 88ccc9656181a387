package posterior_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/posterior"
)

// The posterior of linearEvents is normal with known mean and standard deviation, so what a perfect model would score
// is known too.
func TestEvaluateAgainstAKnownPosterior(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			bindingtest.NoLeak(t)
			v, err := posterior.Open(context.Background(), train(t, kind, 3000, 25))
			require.NoError(t, err)
			defer v.Close()
			e, err := v.Evaluate(context.Background(), linearEvents(t, 400, 21), posterior.EvaluateOptions{Draws: 200})
			require.NoError(t, err)

			perfect := sigma * sigma * 5 / 6 // the sixth column never changes
			require.InEpsilon(t, perfect, e.Point.MSE, 0.25)
			require.InEpsilon(t, 2*perfect, e.Sample.MSE, 0.3, "a single draw adds the posterior's own variance")
			require.Greater(t, e.ConstantMean.MSE, 5*perfect)
			for name, nominal := range map[string]float64{"0.5": 0.5, "0.68": 0.68, "0.9": 0.9, "0.95": 0.95} {
				require.InDelta(t, nominal, e.Coverage[name], 0.07, name)
			}
			entropy := 5 * (0.5*math.Log(2*math.Pi*math.E) + math.Log(sigma))
			require.InDelta(t, entropy, e.NLL, 0.5)
			require.Equal(t, kind == "cinn", e.NLLKind == "exact")
			require.Len(t, e.PerComponent, 6)
			require.False(t, e.PerComponent[5].Independent)
			require.InDelta(t, 0, e.PerComponent[5].MSE, 1e-20)
			if kind == "cinn" {
				require.Less(t, e.RoundTrip.MSE, 1e-8)
			}
			// 5-dimensional normal: E|X-x| - E|X-X'|/2 = (1 - 1/2) E|X-X'| with E|X-X'| = sigma √2 · √2 Γ(3)/Γ(5/2).
			require.InEpsilon(t, 0.5*sigma*2*math.Gamma(3)/math.Gamma(2.5), e.EnergyScore, 0.1)
		})
	}
}

func TestEvaluationKeys(t *testing.T) {
	bindingtest.NoLeak(t)
	v, err := posterior.Open(context.Background(), train(t, "cvae", 200, 1))
	require.NoError(t, err)
	defer v.Close()
	e, err := v.Evaluate(context.Background(), linearEvents(t, 30, 21), posterior.EvaluateOptions{Draws: 10})
	require.NoError(t, err)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	var keys map[string]any
	require.NoError(t, json.Unmarshal(text, &keys))
	for _, key := range []string{"model", "events", "unit", "point", "sample", "per_component", "nll", "energy_score", "coverage", "round_trip"} {
		require.Contains(t, keys, key)
	}
	for _, key := range []string{"mse", "mre", "mre_masked", "ade"} {
		require.Contains(t, keys["point"], key)
	}
	for _, key := range []string{"0.5", "0.68", "0.9", "0.95"} {
		require.Contains(t, keys["coverage"], key)
	}
}

func TestEvaluateNeedsPositions(t *testing.T) {
	bindingtest.NoLeak(t)
	v, err := posterior.Open(context.Background(), train(t, "cinn", 200, 1))
	require.NoError(t, err)
	defer v.Close()
	events := linearEvents(t, 5, 1)
	events.Positions.Rows, events.PositionColumns = 0, nil
	_, err = v.Evaluate(context.Background(), events, posterior.EvaluateOptions{})
	require.ErrorContains(t, err, "momenta only")
}
