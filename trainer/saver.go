package trainer

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gocei/gocei/internal/atomicfile"
)

// saver writes checkpoints into a run directory on a goroutine beside the training, one at a time.
type saver struct {
	dir     string
	made    os.FileInfo // the directory as it was when training began in it
	pending chan saved  // of the writing that is under way; nil where none is
	took    time.Duration

	newestDamaged bool // the newest checkpoint must not become the one before
}

// saved is how the writing of a checkpoint ended.
type saved struct {
	err  error
	took time.Duration
}

// begin remembers which directory it is that the run is in, and removes what was half written there when an earlier
// training was killed.
func (w *saver) begin() (err error) {
	for _, name := range []string{ConfigFile, ModelFile, MetricsFile, StateFile, PreviousStateFile} {
		if err := atomicfile.RemoveLeftovers(filepath.Join(w.dir, name)); err != nil {
			return fmt.Errorf("trainer: clear run directory: %w", err)
		}
	}
	if w.made, err = os.Stat(w.dir); err != nil {
		return fmt.Errorf("trainer: open run directory: %w", err)
	}
	return nil
}

// start begins to write. Nothing else may be under way. Captured is how long the training was held up before.
func (w *saver) start(captured time.Duration, write func() error) {
	done := make(chan saved, 1)
	w.pending = done
	go func() {
		began := time.Now()
		err := write()
		done <- saved{err, captured + time.Since(began)}
	}()
}

// look reports whether a checkpoint is being written, and the error of one that has ended since the last look.
func (w *saver) look() (busy bool, err error) {
	select {
	case s := <-w.pending: // never from nil
		return false, w.ended(s)
	default:
		return w.pending != nil, nil
	}
}

// wait returns the error of the checkpoint that is being written, as soon as that has ended; nil where none is.
func (w *saver) wait() error {
	if w == nil || w.pending == nil {
		return nil
	}
	return w.ended(<-w.pending)
}

func (w *saver) ended(s saved) error {
	w.pending, w.took = nil, s.took
	return s.err
}

// write puts a checkpoint in the place of the newest, and that in the place of the one before, so that whenever the
// program or the machine stops there is a whole one.
func (w *saver) write(data []byte) error {
	if err := w.checkDir(); err != nil {
		return err
	}
	file, err := atomicfile.Create(filepath.Join(w.dir, StateFile))
	if err != nil {
		return err
	}
	defer file.Discard()
	if _, err := file.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", file.Path(), err)
	}
	if w.newestDamaged {
		err = file.Commit()
	} else {
		err = file.CommitKeeping(filepath.Join(w.dir, PreviousStateFile))
	}
	w.newestDamaged = w.newestDamaged && err != nil
	return err
}

// checkDir wants the run directory to be the one that training began in. One that was removed would be made again and
// hold a part of a run; one that another training has put there is locked by that.
func (w *saver) checkDir() error {
	info, err := os.Stat(w.dir)
	if err != nil {
		return fmt.Errorf("the run directory is gone: %w", err)
	}
	if !os.SameFile(info, w.made) {
		return fmt.Errorf("the run directory %s is another one than that which training began in", w.dir)
	}
	return nil
}
