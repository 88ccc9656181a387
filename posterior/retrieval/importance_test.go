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

// Draws of a wider Gaussian, weighted, have the mean and the widths of the posterior,
// which is nearly Gaussian where the noise is small.
func TestWeightedDrawsAreThePosterior(t *testing.T) {
	r := carbonylSulphide(t, 2)
	v := prepare(t, r, Options{Shapes: 3000, Noise: Noise{Absolute: 0.01}})
	truth := ocs(1.3, 1.7, 165)
	momenta := momentaOf(t, v, truth...)
	solutions, err := v.Retrieve(momenta)
	require.NoError(t, err)
	require.True(t, holds(solutions[:1], truth, 0.1, 0.01))
	sd := solutions[0].Deviations
	const n, wider = 4000, 1.5
	var cholesky mat.Cholesky
	require.True(t, cholesky.Factorize(solutions[0].precision))
	var upper mat.TriDense
	cholesky.UTo(&upper)
	logRatio := make([]float64, n)
	draws, random := dataset.NewMatrix(n, 9), v.random(1)
	coordinates := make([][]float64, n)
	for k := range n {
		x, normal, step := make([]float64, 3), mat.NewVecDense(3, nil), mat.NewVecDense(3, nil)
		for i := range x {
			z := random.NormFloat64()
			normal.SetVec(i, wider*z)
			logRatio[k] += z * z / 2
		}
		require.NoError(t, step.SolveVec(&upper, normal))
		for i := range x {
			x[i] = truth[i] + step.AtVec(i)
		}
		positions, err := v.shape.frame.Cartesian(nil, x)
		require.NoError(t, err)
		copy(draws.Row(k), positions)
		coordinates[k] = x
	}
	w, err := v.Weigh(momenta, draws, logRatio)
	require.NoError(t, err)
	assert.Greater(t, w.EffectiveSize, 1000.)
	for i := range truth {
		sum, mean, square := 0.0, 0.0, 0.0
		for k, weight := range w.Weights {
			sum += weight
			d := (coordinates[k][i] - truth[i]) / sd[i]
			mean += weight * d
			square += weight * d * d
		}
		assert.InDelta(t, 1, sum, 1e-12)
		assert.InDelta(t, 0, mean, 5/math.Sqrt(w.EffectiveSize))
		assert.InDelta(t, 1, math.Sqrt(square-mean*mean), 0.2)
	}
}

func TestWeightsOfHardDraws(t *testing.T) {
	v := prepare(t, carbonylSulphide(t, 2), Options{Shapes: 10})
	momenta := momentaOf(t, v, ocs(1.3, 1.7, 165)...)
	w, err := v.Weigh(momenta, dataset.NewMatrix(3, 9), nil) // all atoms at one place
	require.NoError(t, err)
	assert.Zero(t, w.EffectiveSize)
	assert.Equal(t, []float64{0, 0, 0}, w.Weights)
	w, err = v.Weigh(momenta, dataset.NewMatrix(0, 9), nil)
	require.NoError(t, err)
	assert.Zero(t, w.EffectiveSize)
	_, err = v.Weigh(momenta, dataset.NewMatrix(3, 9), make([]float64, 2))
	assert.ErrorContains(t, err, "2 log-ratios: want 3")
	_, err = v.Weigh(momenta, dataset.NewMatrix(3, 8), nil)
	assert.ErrorContains(t, err, "8 coordinates a draw: want 9")
}

// The density of each kind of prior is that of its draws: over cells of the
// coordinates, the mean density goes with the number of draws.
func TestPriorDensityIsThatOfItsDraws(t *testing.T) {
	for name, g := range map[string]explosion.Geometry{
		"uniform":     {Kind: explosion.GeometryUniform, DisplacementAngstrom: 0.2},
		"normal":      {Kind: explosion.GeometryNormal, DisplacementAngstrom: 0.1},
		"vibrational": {Kind: explosion.GeometryVibrational, Kelvin: 300},
		"linear":      {Kind: explosion.GeometryVibrational, Kelvin: 300},
		"internal": {Kind: explosion.GeometryInternal, Internal: []explosion.InternalRange{
			{Atoms: []int{1, 2}, From: 0.8, To: 1.1}, {Atoms: []int{2, 3}, From: 1.4, To: 1.7}, {Atoms: []int{1, 2, 3}, From: 25, To: 45},
		}},
		"ball": {Kind: explosion.GeometryBall, RadiusAngstrom: 2, SeparationAngstrom: 0.8},
	} {
		molecule := "H2O"
		if name == "linear" {
			molecule = "OCS"
		}
		m, err := explosion.LookupMolecule(molecule)
		require.NoError(t, err)
		r, err := explosion.Recipe{Molecule: m, Geometry: g, Channels: []explosion.Channel{{Charges: []float64{1, 1, 1}}}}.Complete()
		require.NoError(t, err)
		v := prepare(t, r, Options{Shapes: 10})
		const n = 20000
		draws, err := v.prior.draws(context.Background(), v.shape, n, 3)
		require.NoError(t, err)
		assertDensity(t, name, v, draws)
	}
}

// assertDensity compares the halves of the draws' range of each coordinate, by the
// identity that the mean of 1/density over the draws in a cell is the cell's volume
// over the share of draws there.
func assertDensity(t *testing.T, kind string, v *Retriever, draws []float64) {
	t.Helper()
	n, random := len(draws)/3, v.random(7)
	mean, sd := make([]float64, 3), make([]float64, 3)
	for k, x := range draws {
		mean[k%3] += x / float64(n)
	}
	for k, x := range draws {
		sd[k%3] += (x - mean[k%3]) * (x - mean[k%3]) / float64(n)
	}
	const width = 0.8
	for i := range 3 {
		var share, volume [2]float64
		for side := range 2 {
			cell := func(x []float64) bool {
				for k := range x {
					d := (x[k] - mean[k]) / math.Sqrt(sd[k])
					if k == i && (d > 0) != (side == 1) || math.Abs(d) > width {
						return false
					}
				}
				return true
			}
			for k := range n {
				if cell(draws[3*k : 3*k+3]) {
					share[side]++
				}
			}
			for range 400 {
				x := make([]float64, 3)
				for k := range x {
					d := width * (2*random.Float64() - 1)
					if k == i {
						d = width * (random.Float64() - 1 + float64(side))
					}
					x[k] = mean[k] + d*math.Sqrt(sd[k])
				}
				volume[side] += v.prior.density(v.shape, x, random)
			}
		}
		assert.InDelta(t, math.Log(share[1]/share[0]), math.Log(volume[1]/volume[0]), 0.2, "%s, coordinate %d", kind, i)
	}
}
