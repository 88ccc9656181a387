package calibration_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior/calibration"
)

func shiftedNormal(n, d int, shift float64, random *rand.Rand) dataset.Matrix {
	m := dataset.NewMatrix(n, d)
	for i := range m.Data {
		m.Data[i] = 5 * random.NormFloat64()
		if i%d == 0 {
			m.Data[i] += 5 * shift
		}
	}
	return m
}

// Two normal distributions a distance δ apart are told apart with probability Φ(δ/2) at best.
func TestC2STOfShiftedNormals(t *testing.T) {
	for _, shift := range []float64{0, 1, 2, 20} {
		random := rand.New(rand.NewPCG(8, uint64(shift)))
		accuracy, err := calibration.C2ST(context.Background(), shiftedNormal(800, 2, 0, random), shiftedNormal(800, 2, shift, random), calibration.C2STOptions{Seed: 1})
		require.NoError(t, err)
		require.Equal(t, 1600, accuracy.Of)
		want := 0.5 * (1 + math.Erf(shift/2/math.Sqrt2))
		require.InDelta(t, want, accuracy.Value(), 4*accuracy.StandardError()+0.01, "shift %g", shift)
	}
}

// In ten dimensions the classifier reaches the best possible only where it stops before it knows its samples by heart.
func TestC2STInTenDimensions(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 8))
	a, b := shiftedNormal(2000, 10, 0, random), shiftedNormal(2000, 10, 1.5, random)
	accuracy, err := calibration.C2ST(context.Background(), a, b, calibration.C2STOptions{Hidden: 30, EarlyStopping: true})
	require.NoError(t, err)
	want := 0.5 * (1 + math.Erf(0.75/math.Sqrt2))
	require.InDelta(t, want, accuracy.Value(), 4*accuracy.StandardError()+0.01)
	same, err := calibration.C2ST(context.Background(), a, shiftedNormal(2000, 10, 0, random), calibration.C2STOptions{Hidden: 30, EarlyStopping: true})
	require.NoError(t, err)
	require.InDelta(t, 0.5, same.Value(), 4*same.StandardError())
}

// A difference that is in the dependence alone is seen: no classifier on single coordinates could.
func TestC2STSeesDependence(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	a, b := shiftedNormal(800, 2, 0, random), shiftedNormal(800, 2, 0, random)
	for i := range b.Rows {
		b.Row(i)[1] = math.Copysign(b.Row(i)[1], b.Row(i)[0])
	}
	accuracy, err := calibration.C2ST(context.Background(), a, b, calibration.C2STOptions{})
	require.NoError(t, err)
	require.InDelta(t, 0.75, accuracy.Value(), 0.05)
}

func TestC2STRepeats(t *testing.T) {
	of := func(seed uint64) calibration.Proportion {
		random := rand.New(rand.NewPCG(1, 1))
		p, err := calibration.C2ST(context.Background(), shiftedNormal(100, 2, 0, random), shiftedNormal(120, 2, 0, random), calibration.C2STOptions{Seed: seed, Epochs: 20})
		require.NoError(t, err)
		return p
	}
	require.Equal(t, of(1), of(1))
	require.Equal(t, 200, of(2).Of)
}

func TestC2STRefuses(t *testing.T) {
	a := dataset.NewMatrix(10, 2)
	_, err := calibration.C2ST(context.Background(), a, dataset.NewMatrix(10, 3), calibration.C2STOptions{})
	require.ErrorContains(t, err, "2 and 3 coordinates")
	_, err = calibration.C2ST(context.Background(), a, dataset.NewMatrix(3, 2), calibration.C2STOptions{})
	require.ErrorContains(t, err, "3 samples in 5 folds")
	bad := dataset.NewMatrix(10, 2)
	bad.Data[3] = math.NaN()
	_, err = calibration.C2ST(context.Background(), a, bad, calibration.C2STOptions{})
	require.ErrorContains(t, err, "infinite or NaN")
	constant, err := calibration.C2ST(context.Background(), a, a, calibration.C2STOptions{})
	require.NoError(t, err)
	require.LessOrEqual(t, constant.Value(), 0.6)
}

func TestC2STEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := dataset.NewMatrix(10, 2)
	_, err := calibration.C2ST(ctx, a, a, calibration.C2STOptions{})
	require.ErrorIs(t, err, context.Canceled)
}
