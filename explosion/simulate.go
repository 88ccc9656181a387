package explosion

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Simulate explodes the molecules of a recipe and gives them to emit one after
// another, in the order of their index from 0, with positions [3N] in Bohr and
// final momenta [3N] in atomic units. emit runs on the caller's goroutine; the
// slices are its to read during the call.
//
// workers goroutines share the work; below 1, as many as there are processors.
// Memory does not grow with the number of events. Simulate stops at the first
// event that fails, with an error that names its index, at emit's first error,
// or when ctx is done; the events before have been emitted by then.
func Simulate(ctx context.Context, r Recipe, workers int, emit func(index int, positions, momenta []float64) error) error {
	r, molecule, err := r.complete()
	if err != nil {
		return err
	}
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	work, cancel := context.WithCancel(ctx)
	ordered, wait := launch(work, r, molecule, workers)
	defer wait()
	defer cancel()
	for b := range ordered {
		if err := b.emit(ctx, emit); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("explosion: simulate %s: %w", r.Molecule, err)
	}
	return nil
}

// launch sets the workers going on a complete recipe. The batches come in order,
// done or not yet. wait returns when no goroutine runs any more, which needs the
// batches read to the end or ctx done.
func launch(ctx context.Context, r Recipe, m Molecule, workers int) (ordered <-chan *batch, wait func()) {
	var running sync.WaitGroup
	todo, inOrder := make(chan *batch), make(chan *batch, 2*workers)
	running.Add(1 + workers)
	go func() {
		defer running.Done()
		deal(ctx, r.Events, todo, inOrder)
	}()
	for range workers {
		go func() {
			defer running.Done()
			serve(r, m, todo)
		}()
	}
	return inOrder, running.Wait
}

// deal hands out the events in batches: to the workers, and in order to the one
// who emits.
func deal(ctx context.Context, events int, todo, ordered chan<- *batch) {
	defer close(todo)
	defer close(ordered)
	for first := 0; first < events; first += batchSize {
		b := &batch{first: first, size: min(batchSize, events-first), done: make(chan struct{})}
		for _, to := range []chan<- *batch{ordered, todo} {
			select {
			case to <- b:
			case <-ctx.Done():
				return
			}
		}
	}
}

func serve(r Recipe, m Molecule, todo <-chan *batch) {
	s, source := &Simulator{m, newIntegrator(m, r.Integrator)}, newEventSource(r)
	for b := range todo {
		b.fill(s, source)
		close(b.done)
	}
}
