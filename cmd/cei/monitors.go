package main

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/gocei/gocei/monitor/mlflow"
	"github.com/gocei/gocei/monitor/prometheus"
	"github.com/gocei/gocei/monitor/tensorboard"
	"github.com/gocei/gocei/trainer"
)

// runMonitor is told of the training of one run.
type runMonitor interface {
	update(trainer.Progress)
	end(error)
}

// monitors are all those that were asked for. A run's begin with its first step, when the run directory is this training's.
// Those of an ensemble's members end when the next one begins; of members at once, all with the training. The endpoint for
// Prometheus is that of the whole training, and shows the member that was last heard of.
type monitors struct {
	options trainOptions
	config  trainer.Config
	s       streams

	server *prometheus.Server   // nil if it was not asked for
	ofRuns map[int][]runMonitor // of the members under way; a run that is no ensemble's is 0
	ending sync.WaitGroup       // members' monitors that have still something to tell
}

// watch makes ready what was asked for. An address that cannot be listened on is an error before training begins.
func (o trainOptions) watch(c trainer.Config, s streams) (*monitors, error) {
	m := &monitors{options: o, config: c, s: s, ofRuns: map[int][]runMonitor{}}
	if o.MetricsListen == "" {
		return m, nil
	}
	var err error
	if m.server, err = prometheus.Listen(o.MetricsListen); err != nil {
		return nil, err
	}
	s.note("metrics for Prometheus: http://%s/metrics", m.server.Address())
	return m, nil
}

func (m *monitors) update(p trainer.Progress) {
	if _, begun := m.ofRuns[p.Member]; !begun {
		if !m.options.atOnce() {
			m.endRuns(nil)
		}
		m.begin(p)
	}
	if m.server != nil {
		m.server.Update(p)
	}
	for _, each := range m.ofRuns[p.Member] {
		each.update(p)
	}
}

// begin starts the monitors of a run. A new run's directory keeps nothing of an earlier one's.
func (m *monitors) begin(p trainer.Progress) {
	dir := m.options.Out
	if p.Member > 0 {
		dir = trainer.MemberDir(dir, p.Member)
	}
	if m.server != nil {
		m.server.Watch(filepath.Join(dir, trainer.StateFile))
	}
	if !m.options.Resume {
		m.clear(m.options.Out) // also where an ensemble replaces a run
		m.clear(dir)
	}
	var all []runMonitor
	if m.options.TensorBoard {
		all = append(all, &tensorBoard{dir: filepath.Join(dir, tensorBoardDir), warn: m.warn})
	}
	if m.options.MLflow != "" {
		all = append(all, newTracking(m.options, m.config, dir, p.Member, m.warn))
	}
	m.ofRuns[p.Member] = all
}

func (m *monitors) clear(dir string) {
	m.warn(tensorboard.Remove(filepath.Join(dir, tensorBoardDir)))
	m.warn(removeAll(dir, []string{mlflow.File}))
}

// endRuns ends the monitors of the runs under way, beside what comes next.
func (m *monitors) endRuns(err error) {
	for _, all := range m.ofRuns {
		for _, each := range all {
			m.ending.Add(1)
			go func() {
				defer m.ending.Done()
				each.end(err)
			}()
		}
	}
	m.ofRuns = map[int][]runMonitor{}
}

// end tells how the training ended, and waits for what is still to be told, also of earlier members: not long where the
// training was interrupted, since the program has to be gone soon.
func (m *monitors) end(err error) {
	m.endRuns(err)
	told := make(chan struct{})
	go func() {
		m.ending.Wait()
		close(told)
	}()
	longest := 2 * trackingEnd
	if wasInterrupted(err) {
		longest = trackingInterrupted + time.Second/2
	}
	select {
	case <-told:
	case <-time.After(longest):
	}
}

// wasInterrupted reports whether a training ended because somebody asked it, or one of its processes, to.
func wasInterrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, trainer.ErrInterrupted)
}

func (m *monitors) close() {
	if m.server != nil {
		m.warn(m.server.Close())
	}
}

// warn tells what went wrong, which does not stop the training.
func (m *monitors) warn(err error) {
	if err != nil {
		m.s.note("warning: %v", err)
	}
}
