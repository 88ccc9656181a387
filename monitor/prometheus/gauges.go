package prometheus

import (
	"math"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/gocei/gocei/trainer"
)

// gauges are what there is to see of a training. Those of an epoch are NaN until one has ended.
type gauges struct {
	epoch, epochs, step, steps, member, members prometheus.Gauge
	bestEpoch, bestLoss                         prometheus.Gauge
	trainLoss, validationLoss, learningRate     prometheus.Gauge
	eventsPerS, epochSeconds                    prometheus.Gauge
	terms                                       *prometheus.GaugeVec
	events                                      prometheus.Counter
}

const namespace = "cei_training"

func newGauges(r *prometheus.Registry) *gauges {
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
		r.MustRegister(g)
		return g
	}
	ofEpoch := func(name, help string) prometheus.Gauge {
		g := gauge(name, help)
		g.Set(math.NaN())
		return g
	}
	g := &gauges{
		epoch:          gauge("epoch", "Epoch under way or just ended, from 1; 0 before the first step."),
		epochs:         gauge("epochs_max", "Epochs at most."),
		step:           gauge("step", "Steps done in the epoch."),
		steps:          gauge("steps_per_epoch", "Steps of an epoch."),
		member:         gauge("member", "Member of the ensemble under way, from 1; 0 without an ensemble."),
		members:        gauge("members", "Members of the ensemble; 0 without an ensemble."),
		bestEpoch:      gauge("best_epoch", "Epoch with the lowest validation loss; 0 before the first has ended."),
		bestLoss:       ofEpoch("best_validation_loss", "Lowest validation loss."),
		trainLoss:      ofEpoch("train_loss", "Mean loss over the last epoch's steps."),
		validationLoss: ofEpoch("validation_loss", "Mean loss over the validation part after the last epoch."),
		learningRate:   ofEpoch("learning_rate", "Learning rate of the last epoch."),
		eventsPerS:     ofEpoch("events_per_second", "Events trained on in a second of the last epoch."),
		epochSeconds:   ofEpoch("epoch_seconds", "Duration of the last epoch."),
		terms:          prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: "term", Help: "Mean term of the last epoch's loss."}, []string{"term"}),
		events:         prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: "events_total", Help: "Events trained on since the program began."}),
	}
	r.MustRegister(g.terms, g.events)
	return g
}

func (g *gauges) update(p trainer.Progress) {
	set := func(to prometheus.Gauge, n int) { to.Set(float64(n)) }
	set(g.epoch, p.Epoch)
	set(g.epochs, p.Epochs)
	set(g.step, p.Step)
	set(g.steps, p.Steps)
	set(g.member, p.Member)
	set(g.members, p.Members)
	set(g.bestEpoch, p.BestEpoch)
	if p.Metrics == nil {
		g.events.Add(float64(p.Rows))
		return
	}
	set(g.step, p.Steps)
	g.bestLoss.Set(p.BestLoss)
	g.trainLoss.Set(p.Metrics.TrainLoss)
	g.validationLoss.Set(p.Metrics.ValidationLoss)
	g.learningRate.Set(p.Metrics.LearningRate)
	g.eventsPerS.Set(p.Metrics.EventsPerS)
	g.epochSeconds.Set(p.Metrics.Seconds)
	for name, value := range p.Metrics.Terms {
		g.terms.WithLabelValues(name).Set(value)
	}
}

// newCheckpointAge registers how long ago the file that path names was written; NaN where there is none.
func newCheckpointAge(r *prometheus.Registry, path func() string) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "checkpoint_age_seconds", Help: "Seconds since the last checkpoint; NaN before the first.",
	}, func() float64 {
		info, err := os.Stat(path())
		if err != nil {
			return math.NaN()
		}
		return time.Since(info.ModTime()).Seconds()
	}))
}
