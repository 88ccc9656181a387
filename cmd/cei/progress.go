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
		return newProgressBar(s.messages().to) // the terminal itself, whose width it asks for
	}
	return &progressLines{log: s.messages()}
}

// progressLines logs the first epoch, and then at most one epoch every few seconds.
type progressLines struct {
	log  *messages
	last time.Time
}

const lineEvery = 5 * time.Second

func (l *progressLines) update(p trainer.Progress) {
	if p.Metrics == nil || time.Since(l.last) < lineEvery {
		return
	}
	l.last = time.Now()
	m := p.Metrics
	figures := []slog.Attr{
		slog.Int("epoch", m.Epoch), slog.Int("of", p.Epochs), l.figure("train_loss", m.TrainLoss), l.figure("validation_loss", m.ValidationLoss),
		l.figure("best_loss", p.BestLoss), slog.Int("best_epoch", p.BestEpoch), l.figure("events_per_s", m.EventsPerS),
	}
	if p.Members > 0 {
		figures = append([]slog.Attr{slog.Int("member", p.Member)}, figures...)
	}
	l.log.log(slog.LevelInfo, "epoch", figures...)
}

// figure is short for people, and a number of JSON for programs.
func (l *progressLines) figure(name string, x float64) slog.Attr {
	if l.log.records == nil {
		return slog.String(name, short(x))
	}
	return slog.Float64(name, x)
}

func (l *progressLines) end() {}

func short(x float64) string { return fmt.Sprintf("%.5g", x) }
