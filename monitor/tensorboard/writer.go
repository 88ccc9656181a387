package tensorboard

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/gocei/gocei/monitor"
)

// Writer appends events to one event file.
type Writer struct {
	file   *os.File
	failed error // that left the end of the file unknown, so that nothing may follow
}

// Create starts an event file in a folder, which it makes if needed. firstStep is the first step that will be written:
// what earlier files of the folder have of that step or later ones, TensorBoard leaves out. Those files stay as they are.
func Create(dir string, firstStep int64) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("tensorboard: create event file: %w", err)
	}
	file, err := createAfter(dir)
	if err != nil {
		return nil, fmt.Errorf("tensorboard: create event file: %w", err)
	}
	now := time.Now()
	w := &Writer{file: file}
	if err := w.write(versionEvent(now), startEvent(firstStep, now)); err != nil {
		_ = file.Close() // the first error is the one to report
		return nil, err
	}
	return w, nil
}

// Scalars writes the figures of a step, which are in the file when it returns. Values are kept as float32.
func (w *Writer) Scalars(step int64, at time.Time, figures []monitor.Figure) error {
	return w.write(scalarsEvent(step, at, figures))
}

// write puts whole records into the file by one call, so that a reader seldom sees a part of one.
func (w *Writer) write(events ...[]byte) error {
	if w.failed != nil {
		return w.failed
	}
	var all bytes.Buffer
	for _, data := range events {
		all.Write(record(data))
	}
	if _, err := w.file.Write(all.Bytes()); err != nil {
		w.failed = fmt.Errorf("tensorboard: write event: %w", err)
	}
	return w.failed
}

// Name returns the path of the file.
func (w *Writer) Name() string { return w.file.Name() }

// Close ends the file.
func (w *Writer) Close() error {
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("tensorboard: close event file: %w", err)
	}
	return nil
}
