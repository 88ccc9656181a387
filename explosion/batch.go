package explosion

import (
	"context"
	"fmt"
)

// batchSize makes a batch take a few milliseconds: long against a channel's
// cost, short against a user's patience.
const batchSize = 64

// batch is a run of consecutive events, to be read once done is closed.
type batch struct {
	first, size        int
	width              int       // coordinates of an event
	positions, momenta []float64 // one event after another
	err                error     // of the first event without momenta
	done               chan struct{}
}

// fill simulates the batch's events up to the first that fails.
func (b *batch) fill(s *Simulator, source *eventSource) {
	b.width = len(s.molecule.Equilibrium)
	for index := b.first; index < b.first+b.size; index++ {
		start := len(b.positions)
		b.positions = source.appendPositions(b.positions, s.molecule, index)
		outcome, err := s.explode(b.positions[start:], nil)
		if err != nil {
			b.err = fmt.Errorf("explosion: simulate event %d: %w", index, err)
			return
		}
		b.momenta = append(b.momenta, outcome.Momenta...)
	}
}

// emit waits for the batch and passes its events on.
func (b *batch) emit(ctx context.Context, emit func(index int, positions, momenta []float64) error) error {
	select {
	case <-b.done:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("explosion: simulate from event %d: %w", b.first, err)
	}
	index := b.first
	for from := 0; from < len(b.momenta); from += b.width {
		to := from + b.width
		if err := emit(index, b.positions[from:to:to], b.momenta[from:to:to]); err != nil {
			return fmt.Errorf("explosion: emit event %d: %w", index, err)
		}
		index++
	}
	return b.err
}
