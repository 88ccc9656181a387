package posterior

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
)

// mixed returns the equal mixture of inverses for exactEvents.
func mixed(t *testing.T, of ...*Inverse) *Inverse {
	t.Helper()
	var m mixture
	for _, v := range of {
		m = append(m, v.model)
	}
	return &Inverse{model: m, run: of[0].run, members: len(m), seed: 5}
}

// Each draw comes from either member with probability one half, whatever the others come from.
func TestMixtureDrawsFromEachMemberByChance(t *testing.T) {
	bindingtest.NoLeak(t)
	const far, events, perEvent = 1000, 400, 100
	v := mixed(t, exactInverse(t, -far, 1), exactInverse(t, far, 1))
	draws, err := v.Sample(context.Background(), exactEvents(t, events, 2), perEvent)
	require.NoError(t, err)
	above := make([]float64, events)
	neighbours := 0.0
	for i := range above {
		was := 0.0
		for k := range perEvent {
			side := math.Copysign(1, draws.At(i, k)[0])
			for _, x := range draws.At(i, k) {
				require.InDelta(t, side*far*exactNoise, x, 0.1*far*exactNoise, "all coordinates come from one member")
			}
			above[i] += (side + 1) / 2
			neighbours += side * was
			was = side
		}
	}
	mean, variance := stat.MeanVariance(above, nil)
	require.InDelta(t, perEvent/2, mean, 4*math.Sqrt(perEvent/4/float64(events)))
	require.InDelta(t, perEvent/4, variance, 4*perEvent/4*math.Sqrt(2/float64(events)), "binomial, and not dealt out evenly")
	require.InDelta(t, 0, neighbours, 4*math.Sqrt(events*perEvent))
}

func TestMixtureOfOthersCounts(t *testing.T) {
	bindingtest.NoLeak(t)
	v := mixed(t, exactInverse(t, -1000, 1), exactInverse(t, 0, 1), exactInverse(t, 1000, 1))
	draws, err := v.Sample(context.Background(), exactEvents(t, 1, 2), 30000)
	require.NoError(t, err)
	var counts [3]float64
	for k := range draws.PerEvent {
		counts[1+int(math.Round(draws.At(0, k)[0]/(1000*exactNoise)))]++
	}
	for _, n := range counts {
		require.InDelta(t, 10000, n, 4*math.Sqrt(30000*2/9.0))
	}
}

// The mixture's density is the mean of its members', and so is that of one that has a member twice.
func TestMixtureDensityIsTheMean(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, events := context.Background(), exactEvents(t, 100, 2)
	a, b := exactInverse(t, -1, 0.7), exactInverse(t, 2, 1.5)
	of := func(v *Inverse) []float64 {
		logs, err := v.LogDensity(ctx, events)
		require.NoError(t, err)
		return logs
	}
	one, two, both, weighted := of(a), of(b), of(mixed(t, a, b)), of(mixed(t, a, b, b))
	for i := range one {
		p, q := math.Exp(one[i]), math.Exp(two[i])
		require.InDelta(t, math.Log((p+q)/2), both[i], 1e-9)
		require.InDelta(t, math.Log((p+2*q)/3), weighted[i], 1e-9)
	}
	require.InDeltaSlice(t, one, of(mixed(t, a, a, a)), 1e-9)
}

// A density so low that it is none in one member does not spoil the other's.
func TestMixtureDensityFarFromOneMember(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, events := context.Background(), exactEvents(t, 10, 2)
	near := exactInverse(t, 0, 1)
	want, err := near.LogDensity(ctx, events)
	require.NoError(t, err)
	got, err := mixed(t, exactInverse(t, 1e200, 1), near).LogDensity(ctx, events) // its square overflows
	require.NoError(t, err)
	for i := range want {
		require.InDelta(t, want[i]-math.Ln2, got[i], 1e-9)
	}
}

func TestMixtureSlopeIsThatOfItsDensity(t *testing.T) {
	bindingtest.NoLeak(t)
	v := mixed(t, exactInverse(t, -1, 0.7), exactInverse(t, 1, 1.5))
	events := exactEvents(t, 20, 2)
	conditions, err := v.conditions(events)
	require.NoError(t, err)
	x, err := v.run.Encoding.EncodePositions(events)
	require.NoError(t, err)
	_, slope, err := v.densitySlope(x, conditions)
	require.NoError(t, err)
	const step = 1e-5
	at := func(column int, off float64) []float64 {
		moved := dataset.Matrix{Rows: x.Rows, Cols: x.Cols, Data: append([]float64(nil), x.Data...)}
		for i := range x.Rows {
			moved.Row(i)[column] += off
		}
		heights, _, err := v.densitySlope(moved, conditions)
		require.NoError(t, err)
		return heights
	}
	for j := range x.Cols {
		up, down := at(j, step), at(j, -step)
		for i := range x.Rows {
			require.InDelta(t, (up[i]-down[i])/(2*step), slope.Row(i)[j], 1e-4*(1+math.Abs(slope.Row(i)[j])))
		}
	}
}

// For truths that are draws of the mixture, its intervals and regions cover what they say.
func TestMixtureIsCalibratedForItsOwnDraws(t *testing.T) {
	bindingtest.NoLeak(t)
	v := mixed(t, exactInverse(t, -2, 0.5), exactInverse(t, 2, 1))
	events := exactEvents(t, 1500, 2)
	truth, err := v.Sample(context.Background(), events, 1)
	require.NoError(t, err)
	copy(events.Positions.Data, truth.Data)
	v.seed++ // draws must not be the truths
	e, err := v.Evaluate(context.Background(), events, EvaluateOptions{Draws: 199})
	require.NoError(t, err)
	require.Equal(t, 2, e.Members)
	for _, p := range nominal {
		require.InDelta(t, p, e.Coverage[nominalKey(p)], 4*e.CoverageError[nominalKey(p)]+0.01, "draws are 199")
	}
	for _, covered := range []*ExpectedCoverage{e.TARP, e.HighestDensity} {
		require.False(t, covered.OutsideBand)
	}
	for _, c := range e.SBC.Columns {
		require.Greater(t, c.PValue, 0.001, c.Column)
	}
}

// shifted is a model whose round trips miss by as much in each coordinate.
type shifted struct {
	*exactModel
	by float64
}

func (m shifted) RoundTrip(s *binding.Scope, x, _ binding.Tensor) binding.Tensor {
	return s.Affine(x, 1, m.by)
}

// Errors of members do not cancel, and as many exact ones make them smaller.
func TestMixtureRoundTripIsOffAsItsMembers(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, c := range []struct {
		by   []float64
		want float64
	}{{[]float64{0, 0}, 0}, {[]float64{2, -2}, 2}, {[]float64{3, 0, 0, 0}, 1.5}} {
		var m mixture
		for _, by := range c.by {
			m = append(m, shifted{exactInverse(t, 0, 1).model.(*exactModel), by})
		}
		s := bindingtest.Open(t)
		x := s.FromFloat64s([]float64{1, 2, 3, 4}, binding.Float64, binding.CPU, 2, 2)
		for _, off := range bindingtest.Float64s(t, s, s.Sub(m.RoundTrip(s, x, x), x)) {
			require.InDelta(t, c.want, off, 1e-12)
		}
	}
}
