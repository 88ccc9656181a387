package posterior

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// Draws at ±179° are 2° apart, and a truth of −179° lies among them.
func TestDihedralsAreComparedAcrossTheirCut(t *testing.T) {
	reference := []float64{-0.5, 1, 0, 0, 0, 0, 2, 0, 0, 2.5, -1, 0.4}
	f, err := explosion.FrameOptions{Reference: reference}.NewFrame(explosion.FrameInternal, []string{"H1", "O1", "O2", "H2"})
	require.NoError(t, err)
	degree := math.Pi / 180
	draws := dataset.Matrix{Rows: 2, Cols: 6, Data: []float64{1, 1, 1, 2, 2, 179 * degree, 1, 1, 1, 2, 2, -179 * degree}}
	truth := []float64{1, 1, 1, 2, 2, -179.5 * degree}
	before := draws.Data[11]
	unwrapped, y := unwrap(f, draws, truth)
	require.InDelta(t, 2*degree, math.Abs(unwrapped.Row(0)[5]-unwrapped.Row(1)[5]), 1e-12)
	require.InDelta(t, 0.5*degree, math.Abs(y[5]-meanRow(unwrapped)[5]), 1e-12)
	require.Equal(t, 0.5, rank(unwrapped, 5, y[5]))
	require.Equal(t, before, draws.Data[11], "the draws are the caller's")
	require.Equal(t, draws.Row(0)[:5], unwrapped.Row(0)[:5])
}
