package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/gocei/gocei/trainer"
)

// progress shows how a training goes: a bar on a terminal, elsewhere a line now and then.
type progress interface {
	update(trainer.Progress)
	end()
}

func newProgress(s streams) progress {
	if s.terminal {
		return &progressBar{container: mpb.New(mpb.WithOutput(s.err), mpb.WithWidth(24), mpb.WithAutoRefresh())}
	}
	return &progressLines{log: slog.New(slog.NewTextHandler(s.err, nil))}
}

// progressBar counts steps; its text changes with each epoch.
type progressBar struct {
	container *mpb.Progress
	bar       *mpb.Bar
	text      string
}

func (b *progressBar) update(p trainer.Progress) {
	if b.bar == nil {
		total := int64(p.Epochs) * int64(p.Steps)
		b.bar = b.container.AddBar(total,
			mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return b.text })),
			mpb.AppendDecorators(decor.OnComplete(decor.AverageETA(decor.ET_STYLE_GO), ""), decor.Name(" left")))
		done := int64(p.Epoch-1)*int64(p.Steps) + int64(p.Step) - 1 // of a run that was resumed
		b.bar.SetRefill(done)
		b.bar.DecoratorAverageAdjust(time.Now())
		b.bar.IncrInt64(done)
	}
	if p.Metrics == nil {
		b.bar.Increment()
		return
	}
	b.text = epochText(p)
}

func (b *progressBar) end() {
	if b.bar != nil {
		b.bar.Abort(false)
	}
	b.container.Wait()
}

func epochText(p trainer.Progress) string {
	return fmt.Sprintf("epoch %d/%d  train %.4g  val %.4g  best %.4g @%d  %.3g events/s ",
		p.Epoch, p.Epochs, p.Metrics.TrainLoss, p.Metrics.ValidationLoss, p.BestLoss, p.BestEpoch, p.Metrics.EventsPerS)
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
	l.log.Info("epoch", "epoch", m.Epoch, "of", p.Epochs, "train_loss", short(m.TrainLoss), "validation_loss", short(m.ValidationLoss),
		"best_loss", short(p.BestLoss), "best_epoch", p.BestEpoch, "events_per_s", short(m.EventsPerS))
}

func (l *progressLines) end() {}

func short(x float64) string { return fmt.Sprintf("%.5g", x) }
