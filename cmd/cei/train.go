package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/report"
	"github.com/gocei/gocei/trainer"
)

func trainCommand(s streams) *cli.Command {
	var empty trainOptions
	config := &cli.StringFlag{Name: configFlag, Usage: "YAML `FILE` with settings by the flags' names; CEI_* variables and flags go before it", EnvVars: variables(configFlag)}
	return &cli.Command{
		Name:  "train",
		Usage: "fit a model to a table of events",
		Flags: append([]cli.Flag{config}, flagsOf(append(trainSettings(&empty), trainSwitches(&empty)...))...),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			o, err := readTrainOptions(c)
			if err != nil {
				return err
			}
			return runTrain(c.Context, o, s)
		},
	}
}

// runTrain fits a model and leaves a run directory with its learning curve. Nothing is written before the settings and
// the data were found good.
func runTrain(ctx context.Context, o trainOptions, s streams) error {
	device, err := o.start()
	if err != nil {
		return err
	}
	if err := mayTrainIn(o); err != nil {
		return err
	}
	events, err := o.read(o.Data, true)
	if err != nil {
		return err
	}
	split, err := dataset.Prepare(events, o.dataOptions())
	if err != nil {
		return err
	}
	describeSplit(s, split)
	model, err := o.newModel(split.Train, device)
	if err != nil {
		return usageError{err}
	}
	defer model.Close()
	config := o.trainerConfig(split.Train.Len())
	if config.Settings, err = newSource(o); err != nil {
		return err
	}
	shown := newProgress(s)
	config.Progress = shown.update
	s.note("training the %s on %s: %d parameters, batches of %d, up to %d epochs", o.Model, device, model.Params().Count(), config.Batch, config.Epochs)
	result, err := trainer.Fit(ctx, model, split, config)
	shown.end()
	if result != nil {
		err = errors.Join(err, report.LearningCurve(o.Out))
	}
	if err != nil {
		return err
	}
	return printTrained(s, o, result)
}

// mayTrainIn refuses to write over a run unless it was asked for.
func mayTrainIn(o trainOptions) error {
	if o.Resume || o.Force {
		return nil
	}
	_, err := os.Stat(filepath.Join(o.Out, trainer.ConfigFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for a run in %s: %w", o.Out, err)
	}
	return fmt.Errorf("%s holds a run already: --resume continues it, --force replaces it", o.Out)
}

// describeSplit tells what the model will see, and which columns it will not.
func describeSplit(s streams, d *dataset.Split) {
	s.note("%d events: %d to train on, %d to validate, %d to test; frame %s",
		d.Train.Len()+d.Validation.Len()+d.Test.Len(), d.Train.Len(), d.Validation.Len(), d.Test.Len(), d.Encoding.Frame.Kind)
	describeScaler(s, "positions", d.Encoding.Positions)
	describeScaler(s, "momenta", d.Encoding.Momenta)
}

func describeScaler(s streams, what string, c dataset.Scaler) {
	var constant, dependent []string
	for _, column := range c.Constant {
		constant = append(constant, c.Columns[column.Column])
	}
	for _, column := range c.Dependent {
		dependent = append(dependent, c.Columns[column.Column])
	}
	line := fmt.Sprintf("%s: %d of %d columns are independent", what, c.Dim(), len(c.Columns))
	if len(constant) > 0 {
		line += "; constant: " + strings.Join(constant, " ")
	}
	if len(dependent) > 0 {
		line += "; dependent: " + strings.Join(dependent, " ")
	}
	s.note("%s", line)
}

type trained struct {
	Dir            string   `json:"dir"`
	Epochs         int      `json:"epochs"`
	BestEpoch      int      `json:"best_epoch"`
	ValidationLoss float64  `json:"validation_loss"`
	StoppedEarly   bool     `json:"stopped_early"`
	LearningCurve  []string `json:"learning_curve"`
}

func printTrained(s streams, o trainOptions, r *trainer.Result) error {
	t := trained{Dir: o.Out, Epochs: r.Epochs, BestEpoch: r.BestEpoch, ValidationLoss: r.BestLoss, StoppedEarly: r.StoppedEarly}
	for _, name := range report.LearningCurveFiles {
		t.LearningCurve = append(t.LearningCurve, filepath.Join(o.Out, name))
	}
	if o.JSON {
		return printJSON(s.out, t)
	}
	how := ""
	if t.StoppedEarly {
		how = ", stopped early"
	}
	_, err := fmt.Fprintf(s.out, "run            %s\nepochs         %d%s\nbest epoch     %d, validation loss %.6g\nlearning curve %s\n",
		t.Dir, t.Epochs, how, t.BestEpoch, t.ValidationLoss, t.LearningCurve[0])
	return err
}
