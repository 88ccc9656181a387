package explosion

import (
	"context"
	"sync"
)

// crew is the workers of a simulation and the batches that go round between them
// and the one who emits.
type crew struct {
	recipe  Recipe
	size    int      // of a batch
	ring    []*batch // the batches under way, in turn
	todo    chan *batch
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// batchesPerWorker is how far workers may be ahead of the events emitted, so that
// neither waits for the other's slow moments.
const batchesPerWorker = 4

// newCrew sets workers going on a complete recipe.
func newCrew(ctx context.Context, r Recipe, workers int) (*crew, error) {
	hands := make([]*worker, workers)
	for i := range hands {
		var err error
		if hands[i], err = newWorker(r); err != nil {
			return nil, err
		}
	}
	inFlight := batchesPerWorker * workers
	c := &crew{
		recipe: r,
		size:   max(1, min(maxBatchSize, r.Events/inFlight)), // small tables keep all workers busy too
		todo:   make(chan *batch, inFlight),
	}
	ctx, c.cancel = context.WithCancel(ctx)
	for range inFlight {
		c.ring = append(c.ring, &batch{done: make(chan struct{}, 1)})
	}
	for _, w := range hands {
		c.running.Add(1)
		go func() {
			defer c.running.Done()
			for b := range c.todo {
				b.fill(ctx, w)
				b.done <- struct{}{}
			}
		}()
	}
	return c, nil
}

// dismiss returns when no worker runs any more.
func (c *crew) dismiss() {
	c.cancel()
	close(c.todo)
	c.running.Wait()
}

// inOrder passes the batches on in the order of their events, each when it is
// done, and sends it round again. The todo channel has room for the whole ring,
// so that sending never waits.
func (c *crew) inOrder(ctx context.Context, pass func(*batch) error) error {
	batches := c.recipe.Events / c.size
	if c.recipe.Events%c.size > 0 {
		batches++
	}
	dealt := 0
	for passed := range batches {
		for ; dealt < batches && dealt < passed+len(c.ring); dealt++ {
			c.deal(dealt)
		}
		b := c.ring[passed%len(c.ring)]
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := pass(b); err != nil {
			return err
		}
	}
	return nil
}

func (c *crew) deal(turn int) {
	b := c.ring[turn%len(c.ring)]
	b.reset(c.recipe.First+turn*c.size, min(c.size, c.recipe.Events-turn*c.size), len(c.recipe.Molecule.Equilibrium))
	c.todo <- b
}
