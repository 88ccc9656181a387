package posterior_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

// A digest of the draws that Summaries made says the same as Summaries, but for the mode.
func TestDigestIsSummariesWithoutModes(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, v, events := context.Background(), open(t, train(t, cinn.Kind, 200, 1)), linearEvents(t, 5, 11)
	recipe := &explosion.Recipe{
		Molecule: explosion.Molecule{
			Atoms:       []explosion.Atom{{Symbol: "C", Charge: 2}, {Symbol: "O", Charge: 1}},
			Equilibrium: []float64{0, 0, 0, 2, 0, 0},
		},
	}
	draws, err := v.Sample(ctx, events, 40)
	require.NoError(t, err)
	for _, with := range []*explosion.Recipe{nil, recipe} {
		digest, err := v.NewDigest(with)
		require.NoError(t, err)
		names, units := v.SummaryColumns(with != nil)
		require.Equal(t, names, digest.Columns)
		require.Equal(t, units, digest.Units)
		require.NoError(t, v.Summaries(ctx, events, posterior.SummaryOptions{Draws: 40, Recipe: with}, func(event int, want posterior.Summary) error {
			table := dataset.Matrix{Rows: 40, Cols: 6, Data: draws.Data[event*240 : (event+1)*240]}
			got, err := digest.Summary(table)
			require.NoError(t, err)
			require.Len(t, got, len(digest.Columns))
			mean, sd := make([]float64, 6), make([]float64, 6)
			digest.Moments(table, mean, sd)
			for j := range got {
				require.True(t, math.IsNaN(got[j].Mode))
				got[j].Mode, want[j].Mode = 0, 0
				if j < 6 {
					require.InDelta(t, want[j].Mean, mean[j], 1e-12)
					require.InDelta(t, want[j].SD, sd[j], 1e-12)
				}
			}
			require.Equal(t, want, got)
			return nil
		}))
	}
}
