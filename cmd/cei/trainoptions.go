package main

import (
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/urfave/cli/v2"
)

// trainOptions are what can be asked for; what is not asked for, the preset says. The names in a settings file are
// those of the flags.
type trainOptions struct {
	Model  string `yaml:"model" json:"model"`
	Data   string `yaml:"data" json:"data"`
	Out    string `yaml:"out" json:"-"`
	Preset string `yaml:"preset" json:"preset"`
	Frame  string `yaml:"frame" json:"frame"`
	Scaler string `yaml:"scaler" json:"scaler"`

	tableOptions   `yaml:",inline"`
	computeOptions `yaml:",inline"`

	Split        []float64 `yaml:"split" json:"split,omitempty"`
	Seed         *uint64   `yaml:"seed" json:"seed,omitempty"`
	DType        string    `yaml:"dtype" json:"dtype,omitempty"`
	Epochs       *int      `yaml:"epochs" json:"epochs,omitempty"`
	Batch        *int      `yaml:"batch" json:"batch,omitempty"`
	Patience     *int      `yaml:"patience" json:"patience,omitempty"`
	LearningRate *float64  `yaml:"learning-rate" json:"learning_rate,omitempty"`
	Schedule     string    `yaml:"schedule" json:"schedule,omitempty"`
	WarmupEpochs *float64  `yaml:"warmup-epochs" json:"warmup_epochs,omitempty"`
	WeightDecay  *float64  `yaml:"weight-decay" json:"weight_decay,omitempty"`
	ClipNorm     *float64  `yaml:"clip-norm" json:"clip_norm,omitempty"`
	Noise        *float64  `yaml:"noise" json:"noise,omitempty"`
	Hidden       []int64   `yaml:"hidden" json:"hidden,omitempty"`
	Couplings    *int      `yaml:"couplings" json:"couplings,omitempty"`
	Networks     *int      `yaml:"networks" json:"networks,omitempty"`
	Clamp        *float64  `yaml:"clamp" json:"clamp,omitempty"`
	Latent       *int      `yaml:"latent" json:"latent,omitempty"`

	Resume bool `yaml:"-" json:"-"`
	Force  bool `yaml:"-" json:"-"`
	JSON   bool `yaml:"-" json:"-"`
}

func trainSettings(o *trainOptions) []setting {
	all := []setting{
		text(&o.Model, "model", "`MODEL` to train: cvae or cinn"),
		text(&o.Data, "data", "`FILE` with the table of events"),
		text(&o.Out, "out", "run `DIR` to write"),
		text(&o.Preset, "preset", "`PRESET` of settings: robust, or reference for the proposal to the letter (default: robust)"),
		text(&o.Frame, "frame", "`FRAME` of the coordinates: as-is or body (default: as-is)"),
		text(&o.Scaler, "scaler", "`SCALER` of the coordinates: standard or whiten (default: the preset's)"),
		numbers(&o.Split, "split", "`SHARES` of training, validation and test (default: 0.7,0.15,0.15)"),
		seed(&o.Seed, "seed", "`SEED` of split, first weights and shuffling (default: 1)"),
		text(&o.DType, "dtype", "`TYPE` to compute in: float32 or float64 (default: float32)"),
		integer(&o.Epochs, "epochs", "`N` epochs at most"),
		integer(&o.Batch, "batch", "`N` events a step"),
		integer(&o.Patience, "patience", "stop after `N` epochs without a better one; 0 never stops"),
		number(&o.LearningRate, "learning-rate", "highest learning `RATE`"),
		text(&o.Schedule, "schedule", "`COURSE` of the learning rate: constant or cosine"),
		number(&o.WarmupEpochs, "warmup-epochs", "`N` epochs over which the learning rate rises"),
		number(&o.WeightDecay, "weight-decay", "`AMOUNT` of weight decay"),
		number(&o.ClipNorm, "clip-norm", "bound of the gradient's `NORM`; 0 for none"),
		number(&o.Noise, "noise", "`SD` of the noise that each step adds to positions, in units of their spread"),
		integers(&o.Hidden, "hidden", "`WIDTHS` of the hidden layers, as 128,128"),
		integer(&o.Couplings, "couplings", "`N` couplings of the cINN"),
		integer(&o.Networks, "networks", "1 or 2 `NETWORKS` in a coupling of the cINN"),
		number(&o.Clamp, "clamp", "`BOUND` of the cINN's log-scales; 0 for none"),
		integer(&o.Latent, "latent", "`N` latent dimensions of the CVAE"),
	}
	return append(append(all, tableSettings(&o.tableOptions)...), computeSettings(&o.computeOptions)...)
}

// trainSwitches are flags that belong to one call, not to a training's settings.
func trainSwitches(o *trainOptions) []setting {
	return []setting{
		yes(&o.Resume, "resume", "continue the run in DIR where it stopped, or start it"),
		yes(&o.Force, "force", "replace the run in DIR"),
		yes(&o.JSON, "json", "print the result as JSON"),
	}
}

const configFlag = "config"

// readTrainOptions gathers settings: flags over CEI_* variables over the settings file.
func readTrainOptions(c *cli.Context) (trainOptions, error) {
	o := trainOptions{Preset: "robust", Frame: "as-is"}
	if path := c.String(configFlag); path != "" {
		if err := readSettingsFile(path, &o); err != nil {
			return o, usageError{err}
		}
	}
	apply(c, trainSettings(&o))
	apply(c, trainSwitches(&o))
	return o, o.check()
}

// readSettingsFile reads YAML; unknown keys are refused with line and column.
func readSettingsFile(path string, o *trainOptions) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(data, o, yaml.Strict()); err != nil {
		return fmt.Errorf("read settings: %s: %s", path, yaml.FormatError(err, false, true))
	}
	return nil
}

func (o trainOptions) check() error {
	if err := oneOf("model", o.Model, "cvae", "cinn"); err != nil {
		return err
	}
	if err := oneOf("preset", o.Preset, "robust", "reference"); err != nil {
		return err
	}
	if err := oneOf("frame", o.Frame, "as-is", "body"); err != nil {
		return err
	}
	if err := oneOf("scaler", o.Scaler, "", "standard", "whiten"); err != nil {
		return err
	}
	if err := oneOf("dtype", o.DType, "", "float32", "float64"); err != nil {
		return err
	}
	switch {
	case o.Data == "":
		return usagef("--data is needed: the table of events")
	case o.Out == "":
		return usagef("--out is needed: the run directory to write")
	case o.Resume && o.Force:
		return usagef("--resume continues a run and --force replaces it: give one of them")
	case o.Split != nil && len(o.Split) != 3:
		return usagef("--split takes three shares, as 0.7,0.15,0.15, got %v", o.Split)
	}
	return nil
}
