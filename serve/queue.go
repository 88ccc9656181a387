package serve

import (
	"context"
	"sync"
	"time"

	"github.com/gocei/gocei/posterior"
)

// job is a request's draws on their way through the queue.
type job struct {
	ctx     context.Context
	drawing *posterior.Drawing
	since   time.Time
	done    chan error // takes one
}

// queue holds the jobs that no worker has at the moment, in the order of their turns. How many there may be is the
// admission's business.
type queue struct {
	batch, share int // draws

	mu     sync.Mutex
	some   sync.Cond // there are jobs, or the end
	jobs   []*job
	closed bool
	gone   bool // nobody is answered any more
}

func newQueue(batch, share int) *queue {
	q := &queue{batch: batch, share: share}
	q.some.L = &q.mu
	return q
}

// push gives a job its turn after the others.
func (q *queue) push(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.gone {
		j.done <- errDraining
		return
	}
	q.jobs = append(q.jobs, j)
	q.some.Signal()
}

// abandon refuses the jobs that wait, and those that come back from a worker.
func (q *queue) abandon() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gone = true
	for _, j := range q.jobs {
		j.done <- errDraining
	}
	q.jobs = nil
}

// close lets workers end once all is done that is here. Jobs that a worker has come back until they are done.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.some.Broadcast()
}

// waiting returns how many jobs wait.
func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.jobs)
}

// take waits for jobs and returns the next batch of them with the part of each that is to be drawn: its share, and what
// others leave over, first come first served. Jobs that nobody waits for any more are ended. It returns none at the end.
func (q *queue) take(jobs []*job, parts []posterior.Part) ([]*job, []posterior.Part) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(jobs) == 0 {
		for len(q.jobs) == 0 {
			if q.closed {
				return nil, nil
			}
			q.some.Wait()
		}
		jobs, parts = q.fill(jobs, parts)
	}
	if len(q.jobs) > 0 {
		q.some.Signal() // another worker may go on with them
	}
	return jobs, parts
}

func (q *queue) fill(jobs []*job, parts []posterior.Part) ([]*job, []posterior.Part) {
	room, taken := q.batch, 0
	for _, j := range q.jobs {
		if room == 0 {
			break
		}
		taken++
		if err := j.ctx.Err(); err != nil {
			j.done <- err
			continue
		}
		rows := min(j.drawing.Left(), q.share, room)
		room -= rows
		jobs, parts = append(jobs, j), append(parts, posterior.Part{Of: j.drawing, Rows: rows})
	}
	left := copy(q.jobs, q.jobs[taken:])
	clear(q.jobs[left:])
	q.jobs = q.jobs[:left]
	for i := range parts {
		more := min(parts[i].Of.Left()-parts[i].Rows, room)
		parts[i].Rows += more
		room -= more
	}
	return jobs, parts
}
