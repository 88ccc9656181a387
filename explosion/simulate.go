package explosion

import (
	"context"
	"fmt"
	"runtime"
)

// Event is one simulated explosion. Its slices are to be read while emit runs.
type Event struct {
	Index       int
	Channel     int       // index in the recipe's Channels
	Positions   []float64 // before the explosion, Bohr, [3N]
	Momenta     []float64 // as measured after it, atomic units, [3N]
	Diagnostics           // of the explosion, without the detector
}

// Counts says what became of events.
type Counts struct {
	Emitted int `json:"emitted"`
	Failed  int `json:"failed"` // no geometry was found, or the integrator did not get through
	Lost    int `json:"lost"`   // for the detector
}

// Report says what became of the events of a simulation.
type Report struct {
	Counts
	Channels []Counts // by the recipe's channels

	FirstFailure      error // nil if none failed
	FirstFailureIndex int
}

// Simulate explodes the molecules of a recipe and gives them to emit one after
// another, in the order of their index. emit runs on the caller's goroutine.
//
// workers goroutines share the work; below 1, as many as there are processors.
// Memory does not grow with the number of events. An event that fails or is lost
// is counted and not emitted, and does not stop the others. Simulate stops at
// emit's first error or when ctx is done; the report then counts the events
// before.
func Simulate(ctx context.Context, r Recipe, workers int, emit func(Event) error) (Report, error) {
	r, err := r.Complete()
	if err != nil {
		return Report{}, err
	}
	report := Report{Channels: make([]Counts, len(r.Channels))}
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	c, err := newCrew(ctx, r, workers)
	if err != nil {
		return report, fmt.Errorf("explosion: simulate %s: %w", r.Molecule.Name, err)
	}
	defer c.dismiss()
	err = c.inOrder(ctx, func(b *batch) error { return b.emit(ctx, &report, emit) })
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return report, fmt.Errorf("explosion: simulate %s: %w", r.Molecule.Name, err)
	}
	return report, nil
}

// count adds an event that was not emitted because of err, or was.
func (r *Report) count(index int, o *result) {
	for _, counts := range []*Counts{&r.Counts, &r.Channels[o.channel]} {
		switch {
		case o.err != nil:
			counts.Failed++
		case o.lost:
			counts.Lost++
		default:
			counts.Emitted++
		}
	}
	if o.err != nil && r.FirstFailure == nil {
		r.FirstFailure, r.FirstFailureIndex = o.err, index
	}
}
