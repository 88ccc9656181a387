package main

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// The field's usual grid of OCS: 20 values of either bond and of the angle, the last axis fastest.
func TestSimulateGrid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grid.parquet")
	a := succeed(t, "simulate", "--grid", "C-O=1:5:20,C-S=1:5:20,O-C-S=140:180:20", "--out", path)
	assert.Equal(t, path+": 8000 explosions of OCS, positions in bohr, momenta in au\n", a.out)
	assert.Empty(t, a.err)
	e, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
	require.NoError(t, err)
	require.Equal(t, 8000, e.Len())
	value := func(from, to float64, i int) float64 { return from + (to-from)*float64(i)/19 }
	for i := range e.Len() {
		co, cs, angle := bondsOfOCS(e.Positions.Row(i))
		require.InDelta(t, value(1, 5, i/400), co, 1e-9, i)
		require.InDelta(t, value(1, 5, i/20%20), cs, 1e-9, i)
		require.InDelta(t, value(140, 180, i%20), angle, 1e-5, i)
	}
}

// bondsOfOCS returns the bonds C–O and C–S in Ångström and the angle between them in degrees, of atoms C, O, S in Bohr.
func bondsOfOCS(x []float64) (co, cs, angle float64) {
	dot := 0.0
	for k := range 3 {
		o, s := x[3+k]-x[k], x[6+k]-x[k]
		co, cs, dot = co+o*o, cs+s*s, dot+o*s
	}
	co, cs = math.Sqrt(co), math.Sqrt(cs)
	angle = math.Acos(max(-1, dot/(co*cs))) * 180 / math.Pi
	return co / explosion.Angstrom.Bohr, cs / explosion.Angstrom.Bohr, angle
}
