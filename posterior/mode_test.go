package posterior_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

// No draw is more probable than the mode of a flow, and a step away in any coordinate is less so.
func TestModeIsAMaximumOfTheDensity(t *testing.T) {
	bindingtest.NoLeak(t)
	v, err := posterior.Open(context.Background(), train(t, "cinn", 1000, 10))
	require.NoError(t, err)
	defer v.Close()
	events := linearEvents(t, 20, 8)
	modes := dataset.NewMatrix(20, 6)
	require.NoError(t, v.Summaries(context.Background(), events, posterior.SummaryOptions{Draws: 200}, func(event int, s posterior.Summary) error {
		for j := range 6 {
			modes.Row(event)[j] = s[j].Mode
		}
		return nil
	}))
	density := func(positions dataset.Matrix) []float64 {
		at := *events
		at.Positions = positions
		logs, err := v.LogDensity(context.Background(), &at)
		require.NoError(t, err)
		return logs
	}
	highest := density(modes)
	draws, err := v.Sample(context.Background(), events, 50)
	require.NoError(t, err)
	others := dataset.NewMatrix(20, 6)
	lower := func(why string) {
		for i, l := range density(others) {
			require.LessOrEqual(t, l, highest[i]+1e-3, "%s of event %d", why, i)
		}
	}
	for k := range 50 {
		for i := range 20 {
			copy(others.Row(i), draws.At(i, k))
		}
		lower("a draw")
	}
	for j := range 5 {
		for _, step := range []float64{-0.02, 0.02} {
			copy(others.Data, modes.Data)
			for i := range 20 {
				others.Row(i)[j] += step
			}
			lower("a neighbour")
		}
	}
}
