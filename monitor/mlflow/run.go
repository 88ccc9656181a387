package mlflow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gocei/gocei/monitor"
)

// Status is how a run is.
type Status string

// What MLflow calls them.
const (
	Running  Status = "RUNNING"
	Finished Status = "FINISHED"
	Failed   Status = "FAILED"
	Killed   Status = "KILLED"
)

// epochsAtOnce is how many are told of together.
const epochsAtOnce = 1000

// queued is how many epochs wait for the server at most.
const queued = 4096

// Run is a training that a tracking server is told of. Its methods are called from one goroutine.
type Run struct {
	options Options
	client  *client
	id      string // the worker's alone

	queue   chan epoch
	ending  chan struct{} // closed by End
	status  Status        // set before ending is closed
	end     sync.Once
	done    chan struct{} // closed when the worker has ended
	cancel  context.CancelFunc
	dropped atomic.Int64 // epochs that found the queue full
	warned  bool         // the worker's alone
	failed  error        // why the worker ended early; read after done
}

// epoch is what is told of one.
type epoch struct {
	step    int64
	at      time.Time
	figures []monitor.Figure
}

// Start begins to tell of a training, and returns at once. Its errors are those of the options; what the server
// says comes later.
func Start(o Options) (*Run, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Run{options: o, client: c, queue: make(chan epoch, queued), ending: make(chan struct{}), done: make(chan struct{}), cancel: cancel}
	c.persist = r.persist
	go r.work(ctx)
	return r, nil
}

// Log tells of an epoch, later. Figures that are not finite are left out.
func (r *Run) Log(step int64, at time.Time, figures []monitor.Figure) {
	select {
	case r.queue <- epoch{step, at, figures}:
	default:
		r.dropped.Add(1)
	}
}

// End tells what is left and how the run ended, and waits for that, but not longer than within. The error says what the
// server was not told; the training is none the worse.
func (r *Run) End(s Status, within time.Duration) error {
	r.end.Do(func() {
		r.status = s
		close(r.ending)
	})
	select {
	case <-r.done:
	case <-time.After(within):
		r.cancel()
		<-r.done // at once, since requests end with their context
	}
	r.cancel()
	var failed error
	if r.failed != nil {
		failed = fmt.Errorf("mlflow: not all was told: %w", r.failed)
	}
	if dropped := r.dropped.Load(); dropped > 0 {
		failed = errors.Join(failed, fmt.Errorf("mlflow: the server was too slow: %d epochs were left out", dropped))
	}
	return failed
}

// work speaks to the server until the run has ended.
func (r *Run) work(ctx context.Context) {
	defer close(r.done)
	err := r.tell(ctx)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		r.failed = fmt.Errorf("the server did not answer in the time that was left at the end: %w", err)
	default:
		r.warn(err)
		r.failed = err
	}
}

func (r *Run) tell(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	concluded := false
	for last := false; !last; {
		var all []epoch
		all, last = r.next()
		for _, b := range batches(r.id, all) {
			if r.ended() && !concluded {
				if err := r.conclude(ctx); err != nil {
					return err
				}
				concluded = true
			}
			if err := r.client.post(ctx, "runs/log-batch", b, nil); err != nil {
				return err
			}
		}
	}
	if concluded {
		return nil
	}
	return r.conclude(ctx)
}

// conclude tells how the run ended. That goes before what is left of its figures, which the server takes all the same:
// where little time is left, a run must not seem to go on for ever.
func (r *Run) conclude(ctx context.Context) error {
	return r.client.post(ctx, "runs/update", runUpdate{RunID: r.id, Status: r.status, EndTime: time.Now().UnixMilli()}, nil)
}

func (r *Run) ended() bool {
	select {
	case <-r.ending:
		return true
	default:
		return false
	}
}

// next waits for an epoch or the end, and returns all that there is to tell by then.
func (r *Run) next() (all []epoch, last bool) {
	select {
	case e := <-r.queue:
		all = append(all, e)
	case <-r.ending:
		last = true
	}
	for len(all) < epochsAtOnce {
		select {
		case e := <-r.queue:
			all = append(all, e)
		default:
			return all, last
		}
	}
	return all, false
}

func (r *Run) warn(err error) {
	if !r.warned && r.options.Warn != nil {
		r.options.Warn(err)
	}
	r.warned = true
}
