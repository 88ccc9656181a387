package serve

import "sync"

// admission counts what is under way, from arrival to the last byte of the answer, and says whether more fits.
type admission struct {
	mostRequests, mostDraws int
	mostBytes               int64

	mu       sync.Mutex
	requests int
	draws    int
	bytes    int64
	closed   bool
	empty    chan struct{} // closed once it is closed and nothing is under way
}

func newAdmission(c Config) *admission {
	return &admission{mostRequests: c.QueueRequests, mostDraws: c.QueueDraws, mostBytes: c.QueueBody, empty: make(chan struct{})}
}

// enter lets a request in whose body has that many bytes at most. Whoever gets in must leave.
func (a *admission) enter(bytes int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return errDraining
	case a.requests >= a.mostRequests || a.bytes+bytes > a.mostBytes:
		return errFull
	}
	a.requests++
	a.bytes += bytes
	return nil
}

// reserve lets the draws of a request in, which leave with it.
func (a *admission) reserve(draws int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.draws+draws > a.mostDraws {
		return errFull
	}
	a.draws += draws
	return nil
}

func (a *admission) leave(bytes int64, draws int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests--
	a.bytes -= bytes
	a.draws -= draws
	a.tell()
}

// close lets nobody in any more. The channel is closed when all have left.
func (a *admission) close() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.closed = true
		a.tell()
	}
	return a.empty
}

func (a *admission) tell() {
	if a.closed && a.requests == 0 {
		close(a.empty)
	}
}

func (a *admission) underWay() (requests, draws int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests, a.draws
}
