package main

import (
	"time"

	"github.com/gocei/gocei/monitor"
	"github.com/gocei/gocei/monitor/tensorboard"
	"github.com/gocei/gocei/trainer"
)

// tensorBoardDir is the folder of event files in a run directory.
const tensorBoardDir = "tensorboard"

// tensorBoard writes a run's event file. After an error it writes no more.
type tensorBoard struct {
	dir    string
	warn   func(error)
	writer *tensorboard.Writer
	failed bool
}

func (b *tensorBoard) update(p trainer.Progress) {
	if b.writer == nil && !b.failed {
		var err error
		b.writer, err = tensorboard.Create(b.dir, int64(p.Epoch))
		b.fail(err)
	}
	if p.Metrics != nil && !b.failed {
		b.fail(b.writer.Scalars(int64(p.Epoch), time.Now(), monitor.Figures(*p.Metrics)))
	}
}

func (b *tensorBoard) fail(err error) {
	if err != nil {
		b.failed = true
		b.warn(err)
	}
}

func (b *tensorBoard) end(error) {
	if b.writer != nil {
		b.warn(b.writer.Close())
	}
}
