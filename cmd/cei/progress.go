package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/gocei/gocei/trainer"
)

// progress shows how a training goes: a bar on a terminal, elsewhere a line now and then.
type progress interface {
	update(trainer.Progress)
	end()
}

func newProgress(s streams) progress {
	if s.terminal {
		return newProgressBar(s.err)
	}
	return &progressLines{log: slog.New(slog.NewTextHandler(s.err, nil))}
}

// progressLines logs the first epoch, and then at most one epoch every few seconds.
type progressLines struct {
	log  *slog.Logger
	last time.Time
}

const lineEvery = 5 * time.Second

func (l *progressLines) update(p trainer.Progress) {
	if p.Metrics == nil || time.Since(l.last) < lineEvery {
		return
	}
	l.last = time.Now()
	m := p.Metrics
	log := l.log
	if p.Members > 0 {
		log = log.With("member", p.Member)
	}
	log.Info("epoch", "epoch", m.Epoch, "of", p.Epochs, "train_loss", short(m.TrainLoss), "validation_loss", short(m.ValidationLoss),
		"best_loss", short(p.BestLoss), "best_epoch", p.BestEpoch, "events_per_s", short(m.EventsPerS))
}

func (l *progressLines) end() {}

func short(x float64) string { return fmt.Sprintf("%.5g", x) }
