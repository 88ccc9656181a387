package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/gocei/gocei/trainer"
)

// progressBar is one line that counts steps; its figures change with each epoch. It fits into 80 columns.
type progressBar struct {
	container *mpb.Progress
	label     string // before all else, of one of several bars
	bar       *mpb.Bar
	done      int64                  // steps of a run that was resumed, done before
	start     time.Time              // of the first step after those
	epochs    atomic.Pointer[string] // read while the bar is drawn, which is not when training writes it
	figures   atomic.Pointer[string]
}

func newProgressBar(w io.Writer) *progressBar { return newBarOf(newBars(w), "") }

// newBars is where bars are drawn, each on a line of its own. What is written to it stands above them.
func newBars(w io.Writer) *mpb.Progress {
	return mpb.New(mpb.WithOutput(w), mpb.WithWidth(24), mpb.WithAutoRefresh())
}

func newBarOf(container *mpb.Progress, label string) *progressBar {
	b := &progressBar{container: container, label: label}
	b.figures.Store(new(string))
	return b
}

func (b *progressBar) update(p trainer.Progress) {
	if b.bar == nil {
		b.begin(p)
	}
	if p.Metrics == nil {
		b.bar.SetCurrent(stepsDone(p))
		return
	}
	figures := epochFigures(p)
	b.figures.Store(&figures)
	b.tell(p.Epoch, p.Epochs)
}

func (b *progressBar) tell(epoch, epochs int) {
	text := fmt.Sprintf("%d/%d ", epoch, epochs)
	b.epochs.Store(&text)
}

func stepsDone(p trainer.Progress) int64 { return int64(p.Epoch-1)*int64(p.Steps) + int64(p.Step) }

func (b *progressBar) begin(p trainer.Progress) {
	b.start, b.done = time.Now(), max(stepsDone(p)-1, 0)
	b.tell(p.Epoch-1, p.Epochs)
	// A terminal shows Ctrl-C as ^C where the cursor is; the carriage return leads back to the line's begin.
	b.bar = b.container.AddBar(int64(p.Epochs)*int64(p.Steps),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return "\r" + b.label + *b.epochs.Load() })),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return b.left(s) + *b.figures.Load() })),
		mpb.BarFillerTrim())
	b.bar.SetRefill(b.done)
}

// left returns the time left at the pace so far, which the steps of a run before it was resumed say nothing about.
func (b *progressBar) left(s decor.Statistics) string {
	steps := s.Current - b.done
	if s.Completed || s.Aborted || steps < 1 {
		return " "
	}
	perStep := float64(time.Since(b.start)) / float64(steps)
	return " " + time.Duration(perStep*float64(s.Total-s.Current)).Round(time.Second).String() + " left "
}

func (b *progressBar) end() {
	b.stop()
	b.container.Wait()
}

// stop leaves the bar as it is.
func (b *progressBar) stop() {
	if b.bar != nil {
		b.bar.Abort(false)
	}
}

func epochFigures(p trainer.Progress) string {
	m := p.Metrics
	return fmt.Sprintf("train %.4g val %.4g best %.4g@%d %s events/s", m.TrainLoss, m.ValidationLoss, p.BestLoss, p.BestEpoch, thousands(m.EventsPerS))
}

// thousands writes a rate with three digits, as 21.5k.
func thousands(x float64) string {
	for _, suffix := range []string{"", "k", "M"} {
		if x < 999.5 {
			return fmt.Sprintf("%.3g%s", x, suffix)
		}
		x /= 1000
	}
	return fmt.Sprintf("%.3gG", x)
}
