package reference

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/posterior/retrieval"
)

// The masses of two geometries with the same momenta are the limit of the posterior as
// the noise goes to nothing, and each has a fifth or more.
func TestExactIsTheLimitOfLittleNoise(t *testing.T) {
	r := carbonylSulphide(t, "C-O=1:3", "C-S=0.9:2", "O-C-S=150:175")
	v, err := retrieval.New(context.Background(), r, retrieval.Options{Shapes: 5000})
	require.NoError(t, err)
	by, err := v.Explosions()
	require.NoError(t, err)
	momenta, err := by.Momenta(nil, []float64{1.8949 * angstrom, 1.2990 * angstrom, 160.601 * degree})
	require.NoError(t, err)
	points, err := Exact(v, momenta, 0)
	require.NoError(t, err)
	require.Len(t, points, 2)
	assert.InDelta(t, 1.8949*angstrom, points[0].Internal[0], 1e-4)
	assert.InDelta(t, 2.486*angstrom, points[1].Internal[0], 3e-3)
	assert.InDelta(t, 1, points[0].Weight+points[1].Weight, 1e-12)
	assert.Greater(t, points[1].Weight, 0.2)
	mean := MeanPosition(points)
	for i := range mean {
		assert.InDelta(t, points[0].Weight*points[0].Positions[i]+points[1].Weight*points[1].Positions[i], mean[i], 1e-12)
	}
	s := prepare(t, r, Measurement{Relative: 1e-3}, Options{Shapes: 5000})
	p, err := s.Sample(measure(t, s, 1.8949, 1.2990, 160.601))
	require.NoError(t, err)
	assert.InDelta(t, points[0].Weight, p.Share(func(x []float64) bool { return x[0] < 2.19*angstrom }), 0.03)
}

func TestExactOfNonsense(t *testing.T) {
	v, err := retrieval.New(context.Background(), carbonylSulphide(t, "C-O=1:3", "C-S=0.9:2", "O-C-S=150:175"), retrieval.Options{Shapes: 200})
	require.NoError(t, err)
	points, err := Exact(v, []float64{300, 1, 0, 100, 0, 0, -100, 50, 80}, 0)
	require.NoError(t, err)
	assert.Empty(t, points)
	assert.Empty(t, MeanPosition(points))
	_, err = Exact(v, []float64{1, math.NaN()}, 0)
	assert.Error(t, err)
}
