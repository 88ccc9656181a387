package posterior

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

func evaluateExact(t *testing.T, bias, width float64) *Evaluation {
	t.Helper()
	e, err := exactInverse(t, bias, width).Evaluate(context.Background(), exactEvents(t, 2000, 7), EvaluateOptions{Draws: 199})
	require.NoError(t, err)
	return e
}

func TestExactPosteriorsPass(t *testing.T) {
	bindingtest.NoLeak(t)
	e := evaluateExact(t, 0, 1)
	require.Len(t, e.SBC.Columns, 6)
	require.Equal(t, 199, e.SBC.Draws)
	require.Equal(t, 99, e.HighestDensity.Draws)
	for _, c := range e.SBC.Columns {
		require.Greater(t, c.PValue, 0.001, c.Column)
		require.Greater(t, c.ECDFPValue, 0.001, c.Column)
		require.Len(t, c.Histogram, 20)
		require.Equal(t, 2000, sum(c.Histogram))
	}
	for _, covered := range []*ExpectedCoverage{e.TARP, e.HighestDensity} {
		require.False(t, covered.OutsideBand)
		for _, p := range nominal {
			require.InDelta(t, p, covered.Coverage[nominalKey(p)], 4*covered.StandardError[nominalKey(p)])
		}
	}
	for _, p := range nominal {
		require.InDelta(t, p, e.Coverage[nominalKey(p)], 4*e.CoverageError[nominalKey(p)]+0.01, "draws are 199")
	}
	requireCurves(t, e)
	prior := 100*exactSlope*exactSlope + exactNoise*exactNoise
	for k := range e.ZScore {
		z, c := e.ZScore[k], e.Contraction[k]
		require.InDelta(t, 0, z.Mean, 4*z.StandardError)
		require.InDelta(t, 1, z.StandardDeviation, 4*z.StandardDeviationError+0.01)
		require.InDelta(t, 1-exactNoise*exactNoise/prior, c.Mean, 0.02, "the prior's variance is known from 1400 events")
	}
}

// requireCurves checks that curves rise, agree with the coverages beside them, and lie in their bands, which an exact
// posterior's do.
func requireCurves(t *testing.T, e *Evaluation) {
	t.Helper()
	for _, curve := range [][]CoveragePoint{e.CoverageCurve, e.TARP.Curve, e.HighestDensity.Curve} {
		require.Len(t, curve, 19)
		last := CoveragePoint{}
		for k, at := range curve {
			require.InDelta(t, float64(k+1)/20, at.Nominal, 1e-12)
			require.GreaterOrEqual(t, at.Observed, last.Observed)
			require.Greater(t, at.StandardError, 0.0)
			last = at
		}
	}
	for _, curve := range [][]CoveragePoint{e.TARP.Curve, e.HighestDensity.Curve} {
		for _, at := range curve {
			require.True(t, at.Lower < at.Nominal && at.Nominal < at.Upper)
			require.True(t, at.Lower <= at.Observed && at.Observed <= at.Upper)
		}
	}
	for key, k := range map[string]int{"0.5": 9, "0.9": 17, "0.95": 18} {
		require.Equal(t, e.Coverage[key], e.CoverageCurve[k].Observed)
		require.Equal(t, e.CoverageError[key], e.CoverageCurve[k].StandardError)
		require.InDelta(t, e.TARP.Coverage[key], e.TARP.Curve[k].Observed, 1e-12)
	}
}

func TestWrongPosteriorsFail(t *testing.T) {
	bindingtest.NoLeak(t)
	for name, wrong := range map[string]struct{ bias, width float64 }{"narrow": {0, 0.7}, "wide": {0, 1.4}, "biased": {0.5, 1}} {
		t.Run(name, func(t *testing.T) {
			e := evaluateExact(t, wrong.bias, wrong.width)
			for _, c := range e.SBC.Columns {
				require.Less(t, c.PValue, 0.01)
				require.True(t, c.OutsideBand)
			}
			require.True(t, e.HighestDensity.OutsideBand)
			require.Equal(t, wrong.width > 1, e.HighestDensity.Coverage["0.68"] > 0.68)
			for k := range e.ZScore {
				z := e.ZScore[k]
				require.InDelta(t, wrong.bias/wrong.width, z.Mean, 4*z.StandardError+0.01)
				require.InDelta(t, 1/wrong.width, z.StandardDeviation, 4*z.StandardDeviationError+0.01)
			}
			if wrong.bias == 0 {
				require.True(t, e.TARP.OutsideBand)
			}
		})
	}
}

// Everything is defined, and JSON, of one event and one draw too.
func TestEvaluationOfNextToNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, draws := range []int{1, 2, 3} {
		e, err := exactInverse(t, 0, 1).Evaluate(context.Background(), exactEvents(t, 1, 7), EvaluateOptions{Draws: draws})
		require.NoError(t, err)
		_, err = json.Marshal(e)
		require.NoError(t, err)
		require.False(t, math.IsNaN(e.ZScore[0].StandardDeviation))
	}
}

func TestUnusualEventsAreCounted(t *testing.T) {
	bindingtest.NoLeak(t)
	v := exactInverse(t, 0, 1)
	like := exactEvents(t, 1000, 11)
	e, err := v.Evaluate(context.Background(), like, EvaluateOptions{Draws: 2})
	require.NoError(t, err)
	require.Equal(t, 0.01, e.Unusual.FalseAlarms)
	require.Less(t, e.Unusual.Events, 40)
	for i := range like.Momenta.Data {
		like.Momenta.Data[i] *= 2
	}
	e, err = v.Evaluate(context.Background(), like, EvaluateOptions{Draws: 2})
	require.NoError(t, err)
	require.Greater(t, e.Unusual.Events, 500)

	v.run.Encoding.Domain = nil
	distances, err := v.DomainDistances(like)
	require.NoError(t, err)
	require.Nil(t, distances)
}
