package mlflow

import (
	"context"
	"math/rand/v2"
	"time"
)

// How a request is tried again. Variables, so that tests need not wait.
var (
	firstPause = 500 * time.Millisecond // doubled from try to try
	longPause  = 30 * time.Second
	endPause   = 200 * time.Millisecond // at most, once the training has ended
	patience   = 15 * time.Minute       // of failures without a success between, before nothing more is tried
)

// persist tries a request until it is answered, refused for good, or has failed for too long.
func (r *Run) persist(ctx context.Context, request func(context.Context) error) error {
	begin := time.Now()
	pause := firstPause
	var before error
	for {
		err := request(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil && before != nil:
			return before // which says more than that the time is over
		case ctx.Err() != nil || !passing(err) || time.Since(begin) > patience:
			return err
		}
		r.warn(err)
		before = err
		r.rest(ctx, pause)
		pause = min(2*pause, longPause)
	}
}

// rest waits for about the pause, or until the training ends, after which it hurries. Different trainings must not ask again
// at the same moments.
func (r *Run) rest(ctx context.Context, pause time.Duration) {
	ending := r.ending
	select {
	case <-r.ending:
		ending, pause = nil, min(pause, endPause)
	default:
	}
	pause = pause/2 + rand.N(pause/2+1)
	select {
	case <-time.After(pause):
	case <-ending:
	case <-ctx.Done():
	}
}
