package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/trainer"
)

func trainCommand(s streams) *cli.Command {
	var empty trainOptions
	config := &cli.StringFlag{Name: configFlag, Usage: "YAML `FILE` of settings named like the flags; flags and CEI_* variables override it", EnvVars: variables(configFlag)}
	return &cli.Command{
		Name:  "train",
		Usage: "fit a model to a table of events, or to a simulation",
		Description: "Leaves a run directory: the best weights, what they were trained on and how, the losses of each epoch, and pictures of them.\n" +
			"Examples: cei train --model cinn --data events.parquet --out run/cinn\n" +
			"          cei train --model cinn --molecule OCS --charges 2,2,2 --events 1000000 --frame body --out run/cinn\n" +
			"          cei train --model cinn --data huge.parquet --rows-in-memory 1000000 --frame body --out run/huge\n" +
			"          cei train --model cinn --events 100000 --online --frame body --out run/online\n" +
			"          cei train --model cinn --data events.parquet --members 5 --out run/ensemble\n" +
			"          cei train --model cinn --data two_moons.csv --targets theta_1,theta_2 --conditions x_1,x_2 --bounds theta_1=-1:1,theta_2=-1:1 --out run/moons",
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
	place, err := o.place()
	if err != nil {
		return err
	}
	device, err := o.computeOptions.share(place).start()
	if err != nil {
		return err
	}
	if o.CUDAGraph && !device.IsCUDA() {
		return usagef("--cuda-graph needs a CUDA device, and this would train on %s", device)
	}
	if place.Note != "" {
		s.note("%s", place.Note)
	}
	together, err := o.join(ctx, place, device, s)
	if err != nil {
		return err
	}
	return together.leave(o.trainWith(ctx, together, device, s))
}

// trainWith reads the data and trains on them, together with other processes if there are any.
func (o trainOptions) trainWith(ctx context.Context, p processes, device binding.Device, s streams) error {
	shown := p.streams(s)
	if !p.follows() {
		if err := mayTrainIn(o); err != nil {
			return err
		}
	}
	if o.Data != "" {
		defer collectEarly()()
	}
	data, err := o.prepare(ctx, shown)
	if err != nil {
		return err
	}
	if o.Data != "" {
		collectSeldom()
	}
	if err := ctx.Err(); err != nil { // before a run directory is made
		return errors.Join(err, data.close())
	}
	done := data.close // data must not outlive their use: a stream's first part is as large as all others
	return errors.Join(o.train(ctx, data, p, device, s), done())
}

// train fits what was asked for.
func (o trainOptions) train(ctx context.Context, data *training, p processes, device binding.Device, all streams) error {
	s := p.streams(all)
	for _, note := range o.idle(data) {
		s.note("%s", note)
	}
	config := o.trainerConfig(data.rows)
	config.Settings, config.Source, config.Warn = data.settings, data.source, p.warn(all)
	config.CheckpointEvery = given(o.CheckpointEvery, 0)
	if p.group != nil { // a nil pointer would be a group
		config.Group = p.group
		threads, err := binding.Threads()
		if err != nil {
			return err
		}
		s.note("training in %d processes, this one with %d threads", p.place.Size, threads)
	}
	if o.Online {
		config.Noise = given(o.Noise, 0)
		s.note("every epoch trains on %d fresh events", data.rows)
	}
	if p.follows() {
		return o.follow(ctx, data, config, device, s)
	}
	watch, err := o.watch(config, s)
	if err != nil {
		return err
	}
	defer watch.close()
	if o.members() > 1 {
		return trainEnsemble(ctx, o, data, config, device, watch, s)
	}
	model, err := o.newModel(data, device)
	if err != nil {
		return err
	}
	defer model.Close()
	s.note("training the %s on %s: %d parameters, batches of %d, up to %d epochs", o.Model, device, model.Params().Count(), config.Batch, config.Epochs)
	result, err := fit(ctx, model, data.split, config, watch, s)
	if err != nil {
		return err
	}
	return printTrained(s, o, result)
}

// mayTrainIn refuses to write over a run, or what may be another program's, unless it was asked for.
func mayTrainIn(o trainOptions) error {
	if o.Resume || o.Force {
		return nil
	}
	dirs := []string{o.Out}
	for member := 1; member <= o.members() && o.members() > 1; member++ {
		dirs = append(dirs, trainer.MemberDir(o.Out, member))
	}
	for _, dir := range dirs {
		if err := holdsNoRun(dir); err != nil {
			return err
		}
	}
	return nil
}

func holdsNoRun(dir string) error {
	for _, name := range []string{trainer.ConfigFile, trainer.ModelFile, trainer.MetricsFile, trainer.EnsembleFile} {
		_, err := os.Stat(filepath.Join(dir, name))
		if err == nil {
			return fmt.Errorf("%s holds a run already, or at least %s: --resume continues it, --force replaces it", dir, name)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("look for a run in %s: %w", dir, err)
		}
	}
	return nil
}
