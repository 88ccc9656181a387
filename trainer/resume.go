package trainer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// open starts the run directory anew, or resumes from it. It calls claim before it writes anything there.
func (f *fitter) open(claim func(*fitter) error) error {
	f.saved = time.Now()
	if f.config.Dir == "" {
		return nil
	}
	if f.config.Resume {
		if done, err := f.resume(claim); done || err != nil {
			return err
		}
	}
	if err := claim(f); err != nil {
		return err
	}
	for _, name := range []string{PreviousStateFile, StateFile, ModelFile} { // an earlier run's, which would not belong to config.json
		if err := os.Remove(filepath.Join(f.config.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("trainer: start run: %w", err)
		}
	}
	return f.openFiles(nil)
}

// openFiles writes what was asked for, and the figures of the epochs before, from where they are continued.
func (f *fitter) openFiles(history []Metrics) (err error) {
	if err := f.run.write(f.config.Dir); err != nil {
		return err
	}
	if f.metrics, err = newMetricsLog(f.config.Dir, history); err != nil {
		return err
	}
	return f.saver.begin()
}

// resume continues from the directory's checkpoint and reports whether there was one.
func (f *fitter) resume(claim func(*fitter) error) (bool, error) {
	st, found, err := f.readCheckpoint()
	if err != nil && !errors.Is(err, errTooLarge) || !found && err == nil {
		return false, err
	}
	// That the model or the data are others says more than that their checkpoint is too large for these.
	if err := errors.Join(f.sameTraining(), err); err != nil {
		return false, err
	}
	if err := f.restore(st); err != nil {
		return false, err
	}
	f.counters.Stopped = f.counters.Stopped && f.config.Patience > 0 && f.counters.Epoch-f.counters.BestEpoch >= f.config.Patience
	if err := claim(f); err != nil {
		return false, err
	}
	history, err := metricsUpTo(f.config.Dir, f.counters.Epoch, f.warn)
	if err != nil {
		return false, err
	}
	return true, f.openFiles(history)
}

// readCheckpoint returns the newest whole checkpoint in the run directory, and whether there is any. It warns where that
// is not the newest, and where a training has left figures but no checkpoint.
func (f *fitter) readCheckpoint() (st state, found bool, err error) {
	newest, before := filepath.Join(f.config.Dir, StateFile), filepath.Join(f.config.Dir, PreviousStateFile)
	most, err := f.mostStateBytes()
	if err != nil {
		return state{}, false, err
	}
	if st, err = readState(newest, most); err == nil {
		return st, true, nil
	}
	if !errors.Is(err, errDamaged) && !errors.Is(err, fs.ErrNotExist) { // what was whole once may be so again
		return state{}, false, fmt.Errorf("trainer: resume %s: %w", f.config.Dir, err)
	}
	older, olderErr := readState(before, most)
	switch {
	case olderErr == nil:
		f.saver.newestDamaged = true
		f.warn("%v: continuing from the checkpoint before, %s, of epoch %d", err, before, older.counters.Epoch)
		return older, true, nil
	case errors.Is(err, fs.ErrNotExist) && errors.Is(olderErr, fs.ErrNotExist):
		if all, err := ReadMetrics(f.config.Dir); err == nil && len(all) > 0 {
			f.warn("%s holds no checkpoint, though figures of %d epochs: training begins anew", f.config.Dir, len(all))
		}
		return state{}, false, nil
	}
	return state{}, false, fmt.Errorf("trainer: resume %s: no whole checkpoint is left (%w; %w): begin the run anew (cei train --force), or put back a copy of one of the two",
		f.config.Dir, err, olderErr)
}

// sameTraining refuses to continue a run with other data, another model or other settings. Only the number of epochs
// and the patience may change.
func (f *fitter) sameTraining() error {
	before, err := readRunConfig(f.config.Dir)
	if err != nil {
		return fmt.Errorf("%w; without it the run cannot be continued: begin it anew (cei train --force)", err)
	}
	part, err := difference(before, f.run)
	if err == nil && part != "" {
		err = fmt.Errorf("trainer: resume %s: its %s settings differ from those asked for", f.config.Dir, part)
	}
	return err
}

// difference names what two runs differ in apart from the length of their training; it is empty where they do not.
func difference(a, b RunConfig) (string, error) {
	parts := []struct {
		name     string
		one, two any
	}{
		{"model", a.Model, b.Model},
		{"data", a.Encoding, b.Encoding},
		{"split", a.Split, b.Split},
		{"online", a.Online, b.Online},
		{"training", withoutLength(a.Training), withoutLength(b.Training)},
		{"element type", a.DType, b.DType},
	}
	for _, p := range parts {
		one, err := compactJSON(p.one)
		if err != nil {
			return "", err
		}
		two, err := compactJSON(p.two)
		if err != nil {
			return "", err
		}
		if !bytes.Equal(one, two) {
			return p.name, nil
		}
	}
	return "", nil
}

func withoutLength(c Config) Config {
	c.Epochs, c.Patience = 0, 0
	return c
}

func compactJSON(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("trainer: compare runs: %w", err)
	}
	return text, nil
}
