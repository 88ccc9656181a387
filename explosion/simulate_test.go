package explosion

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ocsRecipe(events int, seed uint64) Recipe {
	return Recipe{Molecule: "OCS", Charges: []float64{2, 2, 2}, Events: events, Seed: seed, Integrator: Options{Tolerance: 1e-6}}
}

type table struct{ positions, momenta []float64 }

func simulated(t *testing.T, r Recipe, workers int) (events table) {
	t.Helper()
	next := 0
	err := Simulate(context.Background(), r, workers, func(index int, positions, momenta []float64) error {
		assert.Equal(t, next, index)
		next++
		events.positions = append(events.positions, positions...)
		events.momenta = append(events.momenta, momenta...)
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, r.Events, next)
	return events
}

func TestSimulateRepeatsWhateverTheWorkers(t *testing.T) {
	r := ocsRecipe(5*batchSize+7, 1)
	want := simulated(t, r, 1)
	for _, workers := range []int{0, 2, 3, 8} {
		assert.Equal(t, want, simulated(t, r, workers), "%d workers", workers)
	}
	shorter := r
	shorter.Events = 100
	assert.Equal(t, want.momenta[:900], simulated(t, shorter, 2).momenta, "an event does not depend on how many there are")
	other := simulated(t, ocsRecipe(r.Events, 2), 2)
	for i, x := range want.positions {
		assert.NotEqual(t, x, other.positions[i], "another seed is another table")
	}
}

func TestSimulateIsExplode(t *testing.T) {
	m := ocs222(t)
	r := ocsRecipe(3, 5)
	events := simulated(t, r, 1)
	for i := 0; i < len(events.positions); i += 9 {
		want := explode(t, r.Integrator, m, events.positions[i:i+9], nil)
		assert.Equal(t, want, events.momenta[i:i+9])
	}
}

// A uniform coordinate has variance a²/3, no skew, and is independent of its
// neighbours in the same event and in the next one.
func TestDisplacementIsUniformAndIndependent(t *testing.T) {
	m := ocs222(t)
	r, _ := ocsRecipe(0, 3).Complete()
	source := newEventSource(r)
	const events, limit = 20000, 0.25
	var u []float64
	for i := range events {
		for k, x := range source.appendPositions(nil, m, i) {
			u = append(u, (x-m.Equilibrium[k])*BohrRadiusAngstrom/limit)
		}
	}
	assert.InDelta(t, 1, slices.Max(u), 1e-3)
	assert.InDelta(t, -1, slices.Min(u), 1e-3)
	for k := range 9 {
		mean, square, within, across := 0.0, 0.0, 0.0, 0.0
		for i := range events - 1 {
			x := u[9*i+k]
			mean += x / events
			square += x * x / events
			within += x * u[9*i+(k+1)%9] / events
			across += x * u[9*i+9+k] / events
		}
		sigma := 1 / math.Sqrt(3*events)
		assert.InDelta(t, 0, mean, 4*sigma)
		assert.InDelta(t, 1./3, square, 4*sigma)
		assert.InDelta(t, 0, within, 4*sigma)
		assert.InDelta(t, 0, across, 4*sigma)
	}
}

func TestSimulateWithoutDisplacement(t *testing.T) {
	r := ocsRecipe(2, 1)
	r.Displacement = Displacement{Kind: DisplacementUniform}
	events := simulated(t, r, 1)
	assert.Equal(t, ocs222(t).Equilibrium, events.positions[:9])
	assert.Equal(t, events.momenta[:9], events.momenta[9:])
}

func TestRecipeIsCompletedAndSurvivesJSON(t *testing.T) {
	r, err := Recipe{Molecule: "OCS", Charges: []float64{1, 2, 1.5}, Events: 10, Seed: math.MaxUint64}.Complete()
	require.NoError(t, err)
	assert.Equal(t, Displacement{DisplacementUniform, 0.25}, r.Displacement)
	assert.NotContains(t, []any{r.Integrator.Tolerance, r.Integrator.RemainingEnergy, r.Integrator.MaxEnergyError}, 0.0)
	text, err := json.Marshal(r)
	require.NoError(t, err)
	var again Recipe
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, r, again)
	same, err := again.Complete()
	require.NoError(t, err)
	assert.Equal(t, r, same)
}

func TestSimulateRefusesBadRecipes(t *testing.T) {
	for want, spoil := range map[string]func(*Recipe){
		`"XYZ"`:               func(r *Recipe) { r.Molecule = "XYZ" },
		"2 charges: want 3":   func(r *Recipe) { r.Charges = r.Charges[:2] },
		"attract each other":  func(r *Recipe) { r.Charges = []float64{1, -1, 1} },
		"-1 events":           func(r *Recipe) { r.Events = -1 },
		`displacement "ball"`: func(r *Recipe) { r.Displacement.Kind = "ball" },
		"displacement of -1":  func(r *Recipe) { r.Displacement = Displacement{DisplacementUniform, -1} },
		"tolerance 2":         func(r *Recipe) { r.Integrator.Tolerance = 2 },
	} {
		r := ocsRecipe(1, 1)
		spoil(&r)
		err := Simulate(context.Background(), r, 1, func(int, []float64, []float64) error {
			t.Error("nothing is simulated")
			return nil
		})
		assert.ErrorContains(t, err, want)
	}
}

// The limit on the energy error is the largest before the worst event, so that
// this is known to be the first to fail.
func TestSimulateStopsAtTheEventThatFails(t *testing.T) {
	m, r := ocs222(t), ocsRecipe(300, 1)
	events := simulated(t, r, 1)
	var errorsOf []float64
	for i := 0; i < len(events.positions); i += 9 {
		outcome, err := r.Integrator.Explode(m, events.positions[i:i+9], nil)
		require.NoError(t, err)
		errorsOf = append(errorsOf, outcome.EnergyError)
	}
	failing := slices.Index(errorsOf, slices.Max(errorsOf))
	require.Greater(t, failing, 0)
	r.Integrator.MaxEnergyError = slices.Max(errorsOf[:failing])
	for _, workers := range []int{1, 4} {
		var momenta []float64
		err := Simulate(context.Background(), r, workers, func(index int, _, p []float64) error {
			momenta = append(momenta, p...)
			return nil
		})
		assert.ErrorContains(t, err, "event "+strconv.Itoa(failing)+": energy is off by")
		assert.Equal(t, events.momenta[:9*failing], momenta, "all events before it")
	}
}

func TestSimulateStopsWhenEmitFails(t *testing.T) {
	full := errors.New("disk full")
	last := -1
	err := Simulate(context.Background(), ocsRecipe(1000, 1), 2, func(index int, _, _ []float64) error {
		last = index
		if index == 70 {
			return full
		}
		return nil
	})
	assert.ErrorIs(t, err, full)
	assert.ErrorContains(t, err, "event 70")
	assert.Equal(t, 70, last)
}

func TestSimulateStopsWhenCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	err := Simulate(ctx, ocsRecipe(math.MaxInt, 1), 3, func(int, []float64, []float64) error {
		calls++
		cancel()
		return nil
	})
	assert.ErrorIs(t, err, context.Canceled)
	assert.LessOrEqual(t, calls, batchSize)
	err = Simulate(ctx, ocsRecipe(10, 1), 3, func(int, []float64, []float64) error {
		t.Error("cancelled before the start")
		return nil
	})
	assert.ErrorIs(t, err, context.Canceled)
	for range 5000 { // a goroutine that has said it is done may still have to end
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestSimulateNothing(t *testing.T) {
	assert.Empty(t, simulated(t, ocsRecipe(0, 1), 4).momenta)
}
