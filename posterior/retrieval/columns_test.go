package retrieval

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// The Jacobian is the inverse of that of the other way, by differences of the columns.
func TestLogJacobian(t *testing.T) {
	r := explosion.Recipe{Events: 200}
	r, err := r.Complete()
	require.NoError(t, err)
	v := prepare(t, r, Options{Shapes: 10})
	events, _, err := dataset.Simulate(context.Background(), r, 1)
	require.NoError(t, err)
	for _, kind := range []explosion.FrameKind{explosion.FrameBody, explosion.FrameInternal} {
		d, err := dataset.Prepare(events, dataset.Options{Frame: kind})
		require.NoError(t, err)
		c := d.Encoding
		all, err := c.FramePositions(events)
		require.NoError(t, err)
		for i := range 20 {
			model, err := c.Positions.Apply(dataset.Matrix{Rows: 1, Cols: all.Cols, Data: all.Row(i)})
			require.NoError(t, err)
			internal := func(z []float64) []float64 {
				columns, err := c.DecodePositions(dataset.Matrix{Rows: 1, Cols: len(z), Data: z})
				require.NoError(t, err)
				cartesian, err := c.CartesianPositions(columns)
				require.NoError(t, err)
				x, err := v.shape.coordinates(nil, cartesian.Data)
				require.NoError(t, err)
				return x
			}
			inverse := mat.NewDense(3, 3, nil)
			for k := range 3 {
				const h = 1e-5
				z := append([]float64(nil), model.Data...)
				z[k] += h
				high := internal(z)
				z[k] -= 2 * h
				low := internal(z)
				for j := range high {
					inverse.Set(j, k, (high[j]-low[j])/(2*h))
				}
			}
			want, _ := mat.LogDet(inverse)
			cartesian, err := c.CartesianPositions(dataset.Matrix{Rows: 1, Cols: all.Cols, Data: all.Row(i)})
			require.NoError(t, err)
			got, err := v.LogJacobian(c, cartesian.Data)
			require.NoError(t, err)
			assert.InDelta(t, -want, got+c.Positions.LogAbsDet, 1e-4, "%s frame, event %d", kind, i)

			mirrored := append([]float64(nil), cartesian.Data...)
			for k := 1; k < len(mirrored); k += 3 {
				mirrored[k] *= -1
			}
			_, err = v.LogJacobian(c, mirrored)
			assert.ErrorIs(t, err, errGeometry, "O is on the other side of the axis")
		}
	}
	d, err := dataset.Prepare(events, dataset.Options{})
	require.NoError(t, err)
	_, err = v.LogJacobian(d.Encoding, make([]float64, 9))
	assert.ErrorContains(t, err, "independent columns")
}

// Weights go to the solution whose geometry is nearest.
func TestShares(t *testing.T) {
	v := prepare(t, carbonylSulphide(t, 2), Options{Shapes: 10})
	pair := [][]float64{ocs(1.8949, 1.2990, 160.601), ocs(2.486, 1.0755, 164.568)}
	draws := dataset.NewMatrix(4, 9)
	for k, x := range [][]float64{pair[0], pair[1], ocs(1.9, 1.3, 160)} {
		positions, err := v.shape.frame.Cartesian(nil, x)
		require.NoError(t, err)
		copy(draws.Row(k), positions)
	}
	shares := v.Shares(Weights{Weights: []float64{0.5, 0.2, 0.3, 0}}, draws, []Solution{{Internal: pair[0]}, {Internal: pair[1]}})
	assert.InDeltaSlice(t, []float64{0.8, 0.2}, shares, 1e-12)
	assert.Empty(t, v.Shares(Weights{Weights: []float64{1}}, draws, nil))
}

// Momenta with and without derivatives are the same, and beyond the ranges of angles
// there is no prior.
func TestExplosions(t *testing.T) {
	v := prepare(t, carbonylSulphide(t, 2), Options{Shapes: 10})
	by, err := v.Explosions()
	require.NoError(t, err)
	x := ocs(1.2, 1.6, 170)
	plain, err := by.Momenta(nil, x)
	require.NoError(t, err)
	with, derivatives, err := by.Differentiate(x)
	require.NoError(t, err)
	assert.InDeltaSlice(t, plain, with, 1e-3)
	assert.Len(t, derivatives, 27)
	_, err = by.Momenta(nil, []float64{-1, 1, 1})
	assert.Error(t, err)
	assert.Positive(t, v.PriorDensity(x, v.random(1)))
	x[2] = 2*math.Pi - x[2]
	assert.Zero(t, v.PriorDensity(x, v.random(1)))
	assert.Zero(t, v.PriorDensityAt(make([]float64, 9), v.random(1)))
}
