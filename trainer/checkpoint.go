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

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/internal/atomicfile"
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
	for _, name := range []string{StateFile, ModelFile} { // an earlier run's, which would not belong to config.json
		if err := os.Remove(filepath.Join(f.config.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("trainer: start run: %w", err)
		}
	}
	if err := f.run.write(f.config.Dir); err != nil {
		return err
	}
	var err error
	f.metrics, err = newMetricsLog(f.config.Dir, nil)
	return err
}

// resume continues from the directory's checkpoint and reports whether there was one.
func (f *fitter) resume(claim func(*fitter) error) (bool, error) {
	st, err := readState(f.config.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	before, err := readRunConfig(f.config.Dir)
	if err != nil {
		return false, err
	}
	if err := f.sameTraining(before); err != nil {
		return false, err
	}
	if err := f.restore(st); err != nil {
		return false, err
	}
	f.counters.Stopped = f.counters.Stopped && f.config.Patience > 0 && f.counters.Epoch-f.counters.BestEpoch >= f.config.Patience
	if err := claim(f); err != nil {
		return false, err
	}
	if err := f.run.write(f.config.Dir); err != nil {
		return false, err
	}
	history, err := metricsUpTo(f.config.Dir, f.counters.Epoch)
	if err != nil {
		return false, err
	}
	f.metrics, err = newMetricsLog(f.config.Dir, history)
	return true, err
}

// sameTraining refuses to continue a run with other data, another model or other settings. Only the number of epochs
// and the patience may change.
func (f *fitter) sameTraining(before RunConfig) error {
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

const defaultCheckpointEvery = time.Minute

func (f *fitter) checkpointIfDue() error {
	every := f.config.CheckpointEvery
	if every == 0 {
		every = defaultCheckpointEvery
	}
	if time.Since(f.saved) < every {
		return nil
	}
	if err := f.checkpoint(); err != nil {
		return err
	}
	return f.withWeights(f.best, f.saveModel)
}

// checkpoint writes all that resuming needs.
func (f *fitter) checkpoint() error {
	f.saved = time.Now()
	if f.config.Dir == "" {
		return nil
	}
	st, err := f.capture()
	if err != nil {
		return err
	}
	return st.write(f.config.Dir)
}

// finish gives the model its best weights and saves it. The last checkpoint of a training that ended well lets it be
// continued with more epochs.
func (f *fitter) finish(ended bool) error {
	if ended {
		if err := f.checkpoint(); err != nil {
			return err
		}
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	f.paceFinal()
	s.Copy(f.model.Params().Flat(), f.best)
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: restore the best weights: %w", err)
	}
	return f.saveModel()
}

// saveModel lets the model settle on the training part and writes its weights.
func (f *fitter) saveModel() error {
	if err := f.settle(); err != nil {
		return err
	}
	if f.config.Dir == "" {
		return nil
	}
	data, err := f.model.Params().Encode()
	if err != nil {
		return err
	}
	if err := atomicfile.Write(filepath.Join(f.config.Dir, ModelFile), data); err != nil {
		return fmt.Errorf("trainer: save model: %w", err)
	}
	return nil
}
