package trainer

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocei/gocei/dataset"
)

// prefetcher makes the parts of epochs on a goroutine of its own. It holds one at most, so that with the one that is
// trained on there are two.
type prefetcher struct {
	parts  chan prefetched // closed when the goroutine ends
	cancel context.CancelFunc
}

type prefetched struct {
	part dataset.Part
	err  error
}

var errNoPart = errors.New("the source ended its goroutine")

// newPrefetcher starts to make the parts of epochs first to last, until one fails or ctx is done.
func newPrefetcher(ctx context.Context, source Source, first, last int, want shape) *prefetcher {
	ctx, cancel := context.WithCancel(ctx)
	p := &prefetcher{parts: make(chan prefetched), cancel: cancel}
	go func() {
		defer close(p.parts)
		for epoch := first; epoch <= last; epoch++ {
			part, err := fresh(ctx, source, epoch, want)
			select {
			case p.parts <- prefetched{part, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return p
}

// next waits for the part of the epoch that is next in turn. It returns ctx's error as soon as that is done.
func (p *prefetcher) next(ctx context.Context, epoch int) (dataset.Part, error) {
	var got prefetched
	ok := true
	select {
	case got, ok = <-p.parts:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return dataset.Part{}, err // before the source's, which it may have brought about
	}
	if !ok {
		return dataset.Part{}, fmt.Errorf("trainer: make the events of epoch %d: %w", epoch, errNoPart)
	}
	return got.part, got.err
}

// close returns when the goroutine has ended.
func (p *prefetcher) close() {
	if p == nil {
		return
	}
	p.cancel()
	for range p.parts {
	}
}
