package explosion

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// completed is the detector with its defaults.
func completed(t *testing.T, d Detector) *Detector {
	t.Helper()
	d, err := d.complete()
	require.NoError(t, err)
	return &d
}

func TestDetectorNoise(t *testing.T) {
	d := completed(t, Detector{AbsoluteNoise: 0.3, RelativeNoise: 0.02})
	random := testRandom(1)
	charges, truth := []float64{1, 0, 2}, []float64{0, 10, -100, 1, 2, 3, 50, 0, 0.1}
	var measured [][]float64
	for range 20000 {
		p := slices.Clone(truth)
		require.True(t, d.measure(random, charges, p))
		measured = append(measured, p)
	}
	for k, p := range truth {
		sample := column(measured, func(p []float64) float64 { return p[k] })
		if charges[k/3] == 0 {
			assert.Equal(t, p, slices.Min(sample), "a neutral atom is not measured")
			assert.Equal(t, p, slices.Max(sample), "a neutral atom is not measured")
			continue
		}
		assertMoments(t, sample, p, 0.09+math.Pow(0.02*p, 2), "momentum")
		assertUncorrelated(t, sample, column(measured, func(p []float64) float64 { return p[(k+7)%9] }), "components")
	}
}

func TestPerfectDetector(t *testing.T) {
	truth := []float64{0, 0, 0, 1, 2, 3}
	p := slices.Clone(truth)
	assert.True(t, completed(t, Detector{}).measure(nil, []float64{1, 1}, p), "draws nothing")
	assert.Equal(t, truth, p)
}

// An event is kept if all of its ions are: (1 − loss)ⁿ.
func TestDetectorLoss(t *testing.T) {
	d := completed(t, Detector{Loss: 0.2})
	random := testRandom(2)
	const events = 20000
	kept := 0.0
	for range events {
		if d.measure(random, []float64{1, 1, 0, 2}, make([]float64, 12)) {
			kept++
		}
	}
	want := math.Pow(0.8, 3)
	assert.InDelta(t, want, kept/events, 4*math.Sqrt(want*(1-want)/events))
	assert.False(t, completed(t, Detector{Loss: 1}).measure(random, []float64{1}, make([]float64, 3)))
}

func TestDeadZones(t *testing.T) {
	cone := completed(t, Detector{DeadAngleDegrees: 30, Axis: [3]float64{0, 5, 0}})
	hole := completed(t, Detector{DeadTransverse: 2})
	both := completed(t, Detector{DeadAngleDegrees: 30, Axis: [3]float64{0, 5, 0}, DeadTransverse: 2})
	at := func(degrees float64) vector { // from +y towards +z
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		return vector{0, 7 * cos, 7 * sin}
	}
	for degrees, dead := range map[float64]bool{0: true, 29.9: true, 30.1: false, 90: false, 149.9: false, 150.1: true, 180: true, -29: true, -31: false} {
		assert.Equal(t, dead, cone.dead(at(degrees)), degrees)
	}
	for p, dead := range map[vector]bool{{0, 0, 9}: true, {1.9, 0, -9}: true, {1.4, 1.4, 1}: true, {1.5, 1.5, 1}: false, {0, 2.1, 0}: false} {
		assert.Equal(t, dead, hole.dead(p), p)
	}
	assert.True(t, cone.dead(vector{}), "an ion that does not fly anywhere")
	assert.True(t, both.dead(vector{1, 1, 1}))
	assert.True(t, both.dead(vector{0, 9, 1}))
	assert.False(t, both.dead(vector{9, 1, 0}))
	// A neutral atom is in no dead zone.
	assert.True(t, cone.measure(testRandom(1), []float64{1, 0}, []float64{1, 0, 0, 0, 1, 0}))
	assert.False(t, cone.measure(testRandom(1), []float64{1, 1}, []float64{1, 0, 0, 0, 1, 0}))
}

// Of isotropic directions, a double cone of half-angle α hides 1 − cos α.
func TestDeadConeHidesItsSolidAngle(t *testing.T) {
	d := completed(t, Detector{DeadAngleDegrees: 40, Axis: [3]float64{1, -2, 0.5}})
	random := testRandom(3)
	const directions = 20000
	dead := 0.0
	for range directions {
		if d.dead(pointInBall(random)) {
			dead++
		}
	}
	want := 1 - math.Cos(40*math.Pi/180)
	assert.InDelta(t, want, dead/directions, 4*math.Sqrt(want*(1-want)/directions))
}
