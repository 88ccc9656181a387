package modelbench

import (
	"context"
	"os"
	"time"
)

// turn measures while all processes but that of the one whose turn it is are idle, and notes how much they computed all the
// same. Nil stands for ours.
func (b *bench) turn(ctx context.Context, whose *candidate, measure func() error) error {
	waiting := b.others(whose)
	if err := awaitIdle(ctx, waiting); err != nil {
		return err
	}
	begin := time.Now()
	before, _ := totalTime(waiting)
	err := measure()
	after, _ := totalTime(waiting)
	if took := time.Since(begin); took > shortestTurn {
		b.report.Machine.WaitingWork = max(b.report.Machine.WaitingWork, float64(after-before)/float64(took))
	}
	return err
}

// shortestTurn is one in which looking at the clocks itself does not count.
const shortestTurn = roundTime / 20

// others returns the processes that wait while it is another's turn: this one and the peers.
func (b *bench) others(than *candidate) (pids []int) {
	if than != nil {
		pids = append(pids, os.Getpid())
	}
	for _, c := range b.candidates {
		if c != than {
			pids = append(pids, c.pid())
		}
	}
	return pids
}
