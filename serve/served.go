package serve

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

// served is a model with its queue and its workers.
type served struct {
	*Model
	encoding dataset.Encoding
	digest   *posterior.Digest
	queue    *queue
	working  sync.WaitGroup
	metrics  *metrics
	log      *slog.Logger
}

func newServed(m *Model, c Config, counted *metrics) (*served, error) {
	if !modelName.MatchString(m.Name) {
		return nil, fmt.Errorf("serve: name model: %q is no name", m.Name)
	}
	digest, err := m.Inverse.NewDigest(m.Recipe)
	if err != nil {
		return nil, err
	}
	return &served{
		Model: m, encoding: m.Inverse.Encoding(), digest: digest,
		queue: newQueue(c.BatchDraws, c.ShareDraws), metrics: counted, log: c.Log,
	}, nil
}

// start starts the workers.
func (m *served) start(workers int) error {
	for range workers {
		sampler, err := m.Inverse.NewSampler()
		if err != nil {
			return err
		}
		m.working.Add(1)
		go m.work(sampler)
	}
	return nil
}

// stop ends the workers once the queue is empty.
func (m *served) stop() {
	m.queue.close()
	m.working.Wait()
}

// input returns the name of the tensor that the model takes.
func (m *served) input() string {
	if m.encoding.Plain() {
		return "conditions"
	}
	return "momenta"
}

// events returns rows of the model's own columns, in their order and units, as events.
func (m *served) events(rows dataset.Matrix) (*dataset.Events, error) {
	return m.eventsIn(rows, m.encoding.MomentumUnit)
}

func (m *served) eventsIn(rows dataset.Matrix, unit explosion.MomentumUnit) (*dataset.Events, error) {
	if m.encoding.Plain() {
		return dataset.NewPlainEvents(nil, m.encoding.MomentumColumns, dataset.Matrix{}, rows)
	}
	return dataset.NewEvents(m.encoding.Atoms, dataset.Matrix{}, rows, m.encoding.PositionUnit, unit)
}

// question is what a request asks of a model.
type question struct {
	model   *served
	events  *dataset.Events
	samples int
	seed    uint64

	summarised bool // the answer has summaries
}

// answer is what a model says.
type answer struct {
	draws   *posterior.Draws
	outside []bool
	asked   *posterior.Drawing
}

// observeWait counts how long a request's draws took.
func (m *served) observeWait(since time.Time) {
	m.metrics.waited.WithLabelValues(m.Name).Observe(time.Since(since).Seconds())
}
