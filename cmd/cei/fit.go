package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/report"
	"github.com/gocei/gocei/trainer"
)

// fit trains and shows how it goes. Pictures and evaluation of earlier weights do not stay in the run directory; the
// evaluation does where a run was resumed that had nothing left to do.
func fit(ctx context.Context, m trainer.Model, d *dataset.Split, c trainer.Config, watch *monitors, s streams) (*trainer.Result, error) {
	shown, trained := newProgress(s), false
	c.Progress = func(p trainer.Progress) {
		trained = true
		watch.update(p)
		shown.update(p)
	}
	result, err := trainer.Fit(ctx, m, d, c)
	shown.end()
	watch.end(err)
	if result == nil {
		return nil, err
	}
	if stopped(ctx, err) && exists(filepath.Join(c.Dir, trainer.StateFile)) {
		err = fmt.Errorf("%w\n%s holds a checkpoint: --resume continues the run", err, c.Dir)
	}
	err = errors.Join(err, clearResults(c.Dir, trained || !c.Resume))
	return result, errors.Join(err, report.LearningCurve(c.Dir))
}

// stopped reports whether a training ended that can be continued: it was interrupted, or another process was lost.
func stopped(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || errors.Is(err, trainer.ErrInterrupted) || errors.Is(err, binding.ErrPeer))
}

// clearResults removes the pictures of a training, and evaluation and report too where those are of other weights.
func clearResults(dir string, evaluation bool) error {
	stale := slices.Clone(report.LearningCurveFiles)
	if evaluation {
		stale = append(stale, evaluationFile)
		report.Remove(dir)
	}
	return removeAll(dir, stale)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// removeAll removes the files that are there.
func removeAll(dir string, names []string) error {
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clear run directory: %w", err)
		}
	}
	return nil
}
