package trainer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/internal/atomicfile"
)

// MetricsFile is the name of the file with a line an epoch.
const MetricsFile = "metrics.jsonl"

// Metrics are one epoch's figures, a line of metrics.jsonl.
type Metrics struct {
	Epoch          int                `json:"epoch"` // from 1
	TrainLoss      float64            `json:"train_loss"`
	ValidationLoss float64            `json:"validation_loss"`
	Terms          map[string]float64 `json:"terms"` // of the training loss
	LearningRate   float64            `json:"learning_rate"`
	Seconds        float64            `json:"seconds"`
	EventsPerS     float64            `json:"events_per_s"`
}

// ReadMetrics returns the epochs in a run directory. A last line that was cut off is left out.
func ReadMetrics(dir string) (all []Metrics, err error) {
	path := filepath.Join(dir, MetricsFile)
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trainer: read metrics: %w", err)
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, longestMetrics)
	for {
		line, err := nextLine(in)
		if errors.Is(err, io.EOF) || err == nil && !bytes.HasSuffix(line, []byte("\n")) {
			return all, nil
		}
		var m Metrics
		if err == nil {
			err = json.Unmarshal(line, &m)
		}
		if err != nil {
			return nil, fmt.Errorf("trainer: read metrics: %s:%d: %w", path, len(all)+1, err)
		}
		all = append(all, m)
	}
}

// metricsLog appends to metrics.jsonl, one write a line.
type metricsLog struct{ file *os.File }

// newMetricsLog starts the file with the epochs that came before.
func newMetricsLog(dir string, before []Metrics) (*metricsLog, error) {
	if dir == "" {
		return nil, nil
	}
	var text bytes.Buffer
	for _, m := range before {
		line, err := encodeLine(m)
		if err != nil {
			return nil, err
		}
		text.Write(line)
	}
	path := filepath.Join(dir, MetricsFile)
	if err := atomicfile.Write(path, text.Bytes()); err != nil {
		return nil, fmt.Errorf("trainer: start metrics: %w", err)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("trainer: start metrics: %w", err)
	}
	return &metricsLog{file}, nil
}

func (l *metricsLog) append(m Metrics) error {
	if l == nil {
		return nil
	}
	line, err := encodeLine(m)
	if err != nil {
		return err
	}
	if _, err := l.file.Write(line); err != nil {
		return fmt.Errorf("trainer: append metrics: %w", err)
	}
	return nil
}

// sync returns when all that was appended is on the disk.
func (l *metricsLog) sync() error {
	if l == nil {
		return nil
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("trainer: keep metrics: %w", err)
	}
	return nil
}

func (l *metricsLog) close() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}

func encodeLine(m Metrics) ([]byte, error) {
	line, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("trainer: encode metrics of epoch %d: %w", m.Epoch, err)
	}
	return append(line, '\n'), nil
}

// metricsUpTo returns a run directory's epochs that a checkpoint of that epoch knows. It warns of lines that are damaged
// or lost, which say nothing that training needs.
func metricsUpTo(dir string, epoch int, warn func(format string, args ...any)) ([]Metrics, error) {
	path := filepath.Join(dir, MetricsFile)
	all, err := wholeMetrics(path, epoch)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("trainer: read metrics: %w", err)
	}
	if len(all) < epoch {
		warn("%s: the figures of %d of %d epochs are damaged or lost; training goes on without them", path, epoch-len(all), epoch)
	}
	return all, nil
}

// wholeMetrics returns the epochs of the lines that are whole, up to that one.
func wholeMetrics(path string, epoch int) (all []Metrics, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, longestMetrics)
	for {
		line, err := nextLine(in)
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case errors.Is(err, errLongLine):
			continue
		case err != nil:
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		var m Metrics
		if json.Unmarshal(line, &m) == nil && m.Epoch > len(all) && m.Epoch <= epoch {
			all = append(all, m)
		}
	}
}
