package trainer

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
)

// The files of a run directory.
const (
	ConfigFile = "config.json"
	ModelFile  = "model.safetensors"
	StateFile  = "last/state.safetensors"

	PreviousStateFile = "last/previous.safetensors" // the checkpoint before
)

// runFormat is raised when config.json changes so that older programs would misread it.
const runFormat = 1

// RunConfig is what config.json holds: what was trained, on what data, and how.
type RunConfig struct {
	Format   int               `json:"format"`
	Model    nn.Architecture   `json:"model"`
	Encoding dataset.Encoding  `json:"encoding"`
	Split    SplitConfig       `json:"split"`
	Online   *OnlineConfig     `json:"online,omitempty"` // nil where every epoch was trained on the same rows
	Training Config            `json:"training"`
	Device   string            `json:"device"`
	DType    binding.DType     `json:"dtype"`
	Versions map[string]string `json:"versions"`
	Settings json.RawMessage   `json:"settings,omitempty"` // the caller's own
}

// SplitConfig says how rows were dealt out, so that the same parts can be found again.
type SplitConfig struct {
	Rows      int               `json:"rows"`
	Fractions dataset.Fractions `json:"fractions"`
	Seed      uint64            `json:"seed"`
	Added     int               `json:"added,omitempty"` // rows of other tables, beside Rows, that are in the training part
}

// OnlineConfig says that a Source made the training rows of each epoch after the first.
type OnlineConfig struct {
	RowsPerEpoch int `json:"rows_per_epoch"`
}

func newRunConfig(m Model, d *dataset.Split, c Config) (RunConfig, error) {
	lib, err := binding.Load()
	if err != nil {
		return RunConfig{}, err
	}
	p := d.Partition
	r := RunConfig{
		Format:   runFormat,
		Model:    m.Params().Architecture(),
		Encoding: d.Encoding,
		Split:    SplitConfig{Rows: len(p.Train) + len(p.Validation) + len(p.Test) - d.Added + d.Later, Fractions: d.Fractions, Seed: d.Seed, Added: d.Added},
		Training: c,
		Device:   m.Params().Device().String(),
		DType:    m.Params().DType(),
		Versions: map[string]string{"libtorch": lib.TorchVersion, "go": runtime.Version()},
		Settings: c.Settings,
	}
	if c.Source != nil {
		r.Online = &OnlineConfig{RowsPerEpoch: d.Train.Len()}
	}
	return r, nil
}

func (r RunConfig) write(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("trainer: write run config: %w", err)
	}
	if err := atomicfile.Write(filepath.Join(dir, ConfigFile), append(text, '\n')); err != nil {
		return fmt.Errorf("trainer: write run config: %w", err)
	}
	return nil
}

// ReadRunConfig returns what a run directory's config.json says; of an ensemble's directory, what its first member's says,
// from which the others differ in their seeds alone.
func ReadRunConfig(dir string) (RunConfig, error) {
	dirs, err := RunDirs(dir)
	if err != nil {
		return RunConfig{}, err
	}
	return readRunConfig(dirs[0])
}

func readRunConfig(dir string) (RunConfig, error) {
	path := filepath.Join(dir, ConfigFile)
	text, err := readAtMost(path, maxConfigBytes)
	if err != nil {
		return RunConfig{}, fmt.Errorf("trainer: read run config: is %s a run directory? %w", dir, err)
	}
	var r RunConfig
	if err := json.Unmarshal(text, &r); err != nil {
		return RunConfig{}, fmt.Errorf("trainer: read run config: %s: %w", path, err)
	}
	if r.Format != runFormat {
		return RunConfig{}, fmt.Errorf("trainer: read run config: %s has format %d, and this program reads format %d", path, r.Format, runFormat)
	}
	return r, nil
}
