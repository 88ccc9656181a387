package serve

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/gocei/gocei/posterior"
)

// work draws what is in the queue until its end.
func (m *served) work(sampler *posterior.Sampler) {
	defer m.working.Done()
	runtime.LockOSThread() // OpenMP keeps a team of threads for each thread that it is called from
	defer runtime.UnlockOSThread()
	var jobs []*job
	var parts []posterior.Part
	for {
		if jobs, parts = m.queue.take(jobs[:0], parts[:0]); len(jobs) == 0 {
			break
		}
		began := time.Now()
		err := drawSafely(sampler, parts)
		m.judge(jobs, parts, time.Since(began), err)
		for _, j := range jobs {
			switch {
			case err != nil:
				j.done <- errModel
			case j.drawing.Left() > 0:
				m.queue.push(j)
			default:
				j.done <- nil
			}
		}
		clear(jobs)
		clear(parts)
	}
	if err := sampler.Close(); err != nil {
		m.log.Error("close sampler", "model", m.Name, "error", err)
	}
}

// judge counts a batch, and tells the log of one that failed.
func (m *served) judge(jobs []*job, parts []posterior.Part, took time.Duration, err error) {
	rows := 0
	for _, p := range parts {
		rows += p.Rows
	}
	m.metrics.batch(m.Name, len(jobs), rows, took, err)
	if err != nil {
		m.log.Error("model failed", "model", m.Name, "requests", len(jobs), "draws", rows, "error", err)
	}
}

// drawSafely makes a panic an error: one request must not end those of others.
func drawSafely(sampler *posterior.Sampler, parts []posterior.Part) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return sampler.Draw(parts)
}
