package posterior

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
)

// The posterior of exactEvents is normal about 1 + slope·p, so that all of its numbers are known.
func TestSummariesInClosedForm(t *testing.T) {
	bindingtest.NoLeak(t)
	v := exactInverse(t, 0, 1)
	events := exactEvents(t, 300, 5) // more than are searched for modes at once
	names, units := v.SummaryColumns(false)
	require.Equal(t, []string{"x_C", "y_C", "z_C", "x_O", "y_O", "z_O", "r_CO"}, names)
	require.Equal(t, []string{"bohr", "bohr", "bohr", "bohr", "bohr", "bohr", "bohr"}, units)
	next := 0
	err := v.Summaries(context.Background(), events, SummaryOptions{Draws: 2000}, func(event int, s Summary) error {
		require.Equal(t, next, event)
		next++
		require.Len(t, s, 7)
		for j, p := range events.Momenta.Row(event) {
			centre := 1 + exactSlope*p
			off := exactNoise / math.Sqrt(2000)
			require.InDelta(t, centre, s[j].Mode, 1e-6)
			require.InDelta(t, centre, s[j].Mean, 5*off)
			require.InDelta(t, centre, s[j].Median, 7*off)
			require.InDelta(t, exactNoise, s[j].SD, 5*off)
			require.InDelta(t, centre-1.6448536*exactNoise, s[j].Q05, 12*off)
			require.InDelta(t, centre+0.9944579*exactNoise, s[j].Q84, 9*off)
			require.InDelta(t, 2*0.9944579*exactNoise, s[j].HD68High-s[j].HD68Low, 12*off)
			require.LessOrEqual(t, s[j].HD68High-s[j].HD68Low, s[j].Q84-s[j].Q16+off)
		}
		require.InDelta(t, math.Hypot(math.Hypot(s[3].Mode-s[0].Mode, s[4].Mode-s[1].Mode), s[5].Mode-s[2].Mode), s[6].Mode, 1e-12)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 300, next)
}

func TestShortestInterval(t *testing.T) {
	low, high := shortestInterval([]float64{0, 5, 5.1, 5.2, 9, 20}, 0.5)
	require.Equal(t, [2]float64{5, 5.2}, [2]float64{low, high})
	low, high = shortestInterval([]float64{3}, 0.68)
	require.Equal(t, [2]float64{3, 3}, [2]float64{low, high})
}

// Of two normal peaks, the kernel estimate finds the one with more draws, and its centre.
func TestKernelModeOfTwoPeaks(t *testing.T) {
	draws := normalDraws(500, 2, 3)
	for i := range draws.Rows {
		at := 0.0
		if i < 150 {
			at = 12
		}
		for j := range draws.Row(i) {
			draws.Row(i)[j] = at + 0.5*draws.Row(i)[j]
		}
	}
	for _, x := range kernelMode(draws) {
		require.InDelta(t, 0, x, 0.25)
	}
	same := dataset.Matrix{Rows: 3, Cols: 1, Data: []float64{4, 4, 4}}
	require.Equal(t, []float64{4}, kernelMode(same))
}

func TestSummariesRefuse(t *testing.T) {
	bindingtest.NoLeak(t)
	v := exactInverse(t, 0, 1)
	err := v.Summaries(context.Background(), exactEvents(t, 3, 1), SummaryOptions{Draws: -1}, nil)
	require.ErrorContains(t, err, "at least 1")
}
