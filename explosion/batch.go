package explosion

import (
	"context"
	"fmt"
)

// maxBatchSize makes a batch take a few milliseconds: long against a channel's
// cost, short against a user's patience.
const maxBatchSize = 256

// batch is a run of consecutive events. Its memory is used again and again.
type batch struct {
	first     int
	width     int       // coordinates of an event
	positions []float64 // one event after another
	momenta   []float64
	results   []result
	done      chan struct{} // one signal each time it is filled
}

// result is what became of an event.
type result struct {
	channel int
	lost    bool
	err     error
	Diagnostics
}

func (b *batch) reset(first, size, width int) {
	b.first, b.width = first, width
	if cap(b.results) < size {
		b.results = make([]result, size)
		b.positions = make([]float64, size*width)
		b.momenta = make([]float64, size*width)
	}
	b.results = b.results[:size]
}

func (b *batch) event(i int) (positions, momenta []float64) {
	from, to := i*b.width, (i+1)*b.width
	return b.positions[from:to:to], b.momenta[from:to:to]
}

// fill simulates the batch's events, all of them unless ctx is done.
func (b *batch) fill(ctx context.Context, w *worker) {
	for i := range b.results {
		if ctx.Err() != nil {
			return
		}
		positions, momenta := b.event(i)
		b.results[i] = w.simulate(b.first+i, positions, momenta)
	}
}

// emit passes the events on that were recorded, and counts all.
func (b *batch) emit(ctx context.Context, report *Report, emit func(Event) error) error {
	for i := range b.results {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, index := &b.results[i], b.first+i
		if r.err == nil && !r.lost {
			positions, momenta := b.event(i)
			if err := emit(Event{index, r.channel, positions, momenta, r.Diagnostics}); err != nil {
				return fmt.Errorf("emit event %d: %w", index, err)
			}
		}
		report.count(index, r)
	}
	return nil
}
