package posterior_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

// A draw's density is what LogDensity says of an event with the draw for its positions.
func TestDrawDensities(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, kind := range kinds {
		v, err := posterior.Open(context.Background(), train(t, kind, 300, 2))
		require.NoError(t, err)
		defer v.Close()
		events := linearEvents(t, 400, 9)
		truth, err := v.Encoding().FramePositions(events)
		require.NoError(t, err)
		want, err := v.LogDensity(context.Background(), events)
		require.NoError(t, err)
		twice := dataset.Matrix{Rows: 2 * truth.Rows, Cols: truth.Cols}
		for i := range truth.Rows {
			twice.Data = append(append(twice.Data, truth.Row(i)...), truth.Row(i)...)
		}
		got, err := v.DrawDensities(events, twice)
		require.NoError(t, err)
		tolerance := 1e-3
		if kind != cinn.Kind {
			tolerance = 2 // the bound is an estimate
		}
		for i := range want {
			assert.InDelta(t, want[i], got[2*i], tolerance)
			assert.InDelta(t, want[i], got[2*i+1], tolerance)
		}
		_, err = v.DrawDensities(events, dataset.NewMatrix(401, truth.Cols))
		assert.ErrorContains(t, err, "401 draws for 400 events")
	}
}
