package explosion

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ocsRecipe(events int, seed uint64) Recipe {
	return Recipe{Events: events, Seed: seed, Integrator: Options{Tolerance: 1e-6}}
}

// everything is a recipe that leaves nothing out.
func everything(t *testing.T, events int) Recipe {
	return Recipe{
		Molecule:       builtIn(t, "H2O"),
		Channels:       []Channel{{[]float64{2, 1, 1}, 2}, {[]float64{1, 1, 0}, 1}, {[]float64{1.5, 0.5, 1}, 1}},
		Geometry:       Geometry{Kind: GeometryVibrational, Kelvin: 300},
		Motion:         Motion{Kind: MotionVibrational},
		Orientation:    OrientationRandom,
		OriginAngstrom: 2,
		Detector:       Detector{AbsoluteNoise: 0.1, RelativeNoise: 0.01, Loss: 0.1, Axis: [3]float64{1, 2, 3}, DeadAngleDegrees: 10, DeadTransverse: 0.5},
		Events:         events,
		Seed:           7,
		Integrator:     Options{Tolerance: 1e-6},
	}
}

func simulated(t *testing.T, r Recipe, workers int) ([]Event, Report) {
	t.Helper()
	var events []Event
	report, err := Simulate(context.Background(), r, workers, func(e Event) error {
		e.Positions, e.Momenta = slices.Clone(e.Positions), slices.Clone(e.Momenta)
		events = append(events, e)
		return nil
	})
	require.NoError(t, err)
	assert.Len(t, events, report.Emitted)
	assert.True(t, slices.IsSortedFunc(events, func(a, b Event) int { return a.Index - b.Index }))
	return events, report
}

func TestSimulateRepeatsWhateverTheWorkers(t *testing.T) {
	for name, r := range map[string]Recipe{"default": ocsRecipe(1500, 1), "everything": everything(t, 1500)} {
		want, report := simulated(t, r, 1)
		for _, workers := range []int{0, 2, 3, 8} {
			got, gotReport := simulated(t, r, workers)
			assert.Equal(t, want, got, "%s, %d workers", name, workers)
			assert.Equal(t, report, gotReport, "%s, %d workers", name, workers)
		}
		r.Seed++
		other, _ := simulated(t, r, 2)
		for i, x := range want[0].Positions {
			assert.NotEqual(t, x, other[0].Positions[i], "another seed is another table")
		}
	}
}

// An event depends neither on how many there are nor on where the table starts.
func TestSimulateInParts(t *testing.T) {
	r := everything(t, 900)
	want, whole := simulated(t, r, 2)
	var got []Event
	var sum Counts
	for _, part := range [][2]int{{0, 1}, {1, 299}, {300, 513}, {813, 87}} {
		r.First, r.Events = part[0], part[1]
		events, report := simulated(t, r, 3)
		got = append(got, events...)
		sum.Emitted += report.Emitted
		sum.Lost += report.Lost
		sum.Failed += report.Failed
	}
	assert.Equal(t, want, got)
	assert.Equal(t, whole.Counts, sum)
}

func TestSimulateIsExplode(t *testing.T) {
	m := ocs222(t)
	r := ocsRecipe(3, 5)
	events, _ := simulated(t, r, 1)
	for _, e := range events {
		want, err := r.Integrator.Explode(m, e.Positions, nil)
		require.NoError(t, err)
		assert.Equal(t, want.Momenta, e.Momenta)
		assert.Equal(t, want.Diagnostics, e.Diagnostics)
	}
}

// Initial momenta, orientation and origin reach the integrator together: turning
// an event back by what is left out of the recipe gives the plain event.
func TestSimulateTurnsPositionsAndMomentaAlike(t *testing.T) {
	plain := everything(t, 40)
	plain.Detector, plain.Channels = Detector{}, plain.Channels[:1]
	plain.Orientation, plain.OriginAngstrom = OrientationFixed, 0
	turned := plain
	turned.Orientation, turned.OriginAngstrom = OrientationRandom, 3
	want, _ := simulated(t, plain, 1)
	got, _ := simulated(t, turned, 1)
	for i := range want {
		lengths := func(e Event) (lengths []float64) {
			for a := range 3 {
				for b := range a {
					lengths = append(lengths, vectorAt(e.Positions, 3*a).sub(vectorAt(e.Positions, 3*b)).norm(),
						vectorAt(e.Momenta, 3*a).dot(vectorAt(e.Momenta, 3*b)))
				}
			}
			return lengths
		}
		assert.InEpsilonSlice(t, lengths(want[i]), lengths(got[i]), 1e-5)
		assert.Greater(t, math.Abs(want[i].Momenta[0]-got[i].Momenta[0]), 1e-6)
	}
}

func TestChannelsHaveTheirShares(t *testing.T) {
	const events = 4000
	r := everything(t, events)
	got, report := simulated(t, r, 2)
	require.Len(t, report.Channels, 3)
	sum := Counts{}
	emitted := make([]int, 3)
	for _, e := range got {
		emitted[e.Channel]++
	}
	for i, c := range report.Channels {
		share := []float64{0.5, 0.25, 0.25}[i]
		all := c.Emitted + c.Failed + c.Lost
		assert.InDelta(t, share*events, all, 4*math.Sqrt(events*share*(1-share)))
		assert.Equal(t, emitted[i], c.Emitted)
		assert.Positive(t, c.Lost)
		sum.Emitted += c.Emitted
		sum.Failed += c.Failed
		sum.Lost += c.Lost
	}
	assert.Equal(t, report.Counts, sum)
	assert.Equal(t, events, sum.Emitted+sum.Failed+sum.Lost)
	for _, e := range got[:100] {
		if e.Channel == 1 {
			assert.Greater(t, vectorAt(e.Momenta, 3).norm(), 2*vectorAt(e.Momenta, 6).norm(), "the third atom is neutral")
		}
	}
}

// The limit on the energy error is set between the events' errors, so that it is
// known which fail.
func TestSimulateCountsEventsThatFail(t *testing.T) {
	r := ocsRecipe(300, 1)
	all, _ := simulated(t, r, 1)
	limit := all[len(all)/2].EnergyError
	r.Integrator.MaxEnergyError = limit
	want := slices.DeleteFunc(slices.Clone(all), func(e Event) bool { return e.EnergyError > limit })
	first := slices.IndexFunc(all, func(e Event) bool { return e.EnergyError > limit })
	require.NotEmpty(t, want)
	require.GreaterOrEqual(t, first, 0)
	for _, workers := range []int{1, 4} {
		got, report := simulated(t, r, workers)
		assert.Equal(t, want, got)
		assert.Equal(t, Counts{Emitted: len(want), Failed: 300 - len(want)}, report.Counts)
		assert.Equal(t, report.Counts, report.Channels[0])
		assert.Equal(t, first, report.FirstFailureIndex)
		assert.ErrorContains(t, report.FirstFailure, "energy is off by")
	}
}

func TestSimulateCountsGeometriesThatAreNotFound(t *testing.T) {
	r := Recipe{Geometry: Geometry{Kind: GeometryBall, RadiusAngstrom: 1, SeparationAngstrom: 1.9}, Events: 3, First: 5}
	events, report := simulated(t, r, 2)
	assert.Empty(t, events)
	assert.Equal(t, Counts{Failed: 3}, report.Counts)
	assert.Equal(t, 5, report.FirstFailureIndex)
	assert.ErrorIs(t, report.FirstFailure, errCrowded)
	assert.ErrorContains(t, report.FirstFailure, "draw geometry of OCS")
}

func TestSimulateStopsWhenEmitFails(t *testing.T) {
	full := errors.New("disk full")
	last := -1
	report, err := Simulate(context.Background(), ocsRecipe(1000, 1), 2, func(e Event) error {
		last = e.Index
		if e.Index == 70 {
			return full
		}
		return nil
	})
	assert.ErrorIs(t, err, full)
	assert.EqualError(t, err, "explosion: simulate OCS: emit event 70: disk full")
	assert.Equal(t, 70, last)
	assert.Equal(t, Counts{Emitted: 70}, report.Counts)
}

func TestSimulateStopsWhenCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	report, err := Simulate(ctx, ocsRecipe(math.MaxInt, 1), 3, func(Event) error {
		calls++
		cancel()
		return nil
	})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, calls)
	assert.Equal(t, 1, report.Emitted)
	for _, events := range []int{0, 10} {
		_, err = Simulate(ctx, ocsRecipe(events, 1), 3, func(Event) error {
			t.Error("cancelled before the start")
			return nil
		})
		assert.ErrorIs(t, err, context.Canceled)
	}
	for range 5000 { // a goroutine that has said it is done may still have to end
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestSimulateNothing(t *testing.T) {
	events, report := simulated(t, ocsRecipe(0, 1), 4)
	assert.Empty(t, events)
	assert.Equal(t, Counts{}, report.Counts)
}

// The batches go round: more events cost no more memory.
func TestSimulateRecyclesItsMemory(t *testing.T) {
	allocations := func(events int) float64 {
		r := everything(t, events)
		return testing.AllocsPerRun(1, func() {
			_, err := Simulate(context.Background(), r, 2, func(Event) error { return nil })
			require.NoError(t, err)
		})
	}
	assert.InDelta(t, allocations(4000), allocations(8000), 100)
}

func BenchmarkSimulate(b *testing.B) {
	b.ReportAllocs()
	_, err := Simulate(context.Background(), Recipe{Events: b.N}, 1, func(Event) error { return nil })
	require.NoError(b, err)
}
