package main

import (
	"cmp"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// closableModel is a model to train, and to free afterwards.
type closableModel interface {
	trainer.Model
	Close() error
}

// reference reports whether the proposal's settings were asked for.
func (o trainOptions) reference() bool { return o.Preset == "reference" }

// dataOptions returns how to prepare events. Both presets standardise each column.
func (o trainOptions) dataOptions() (dataset.Options, error) {
	d := dataset.Options{
		Frame: explosion.FrameKind(o.Frame), Scaler: dataset.ScalerKind(o.Scaler),
		Fractions: dataset.DefaultFractions, Seed: given(o.Seed, defaultSeed),
	}
	if o.Axis != nil {
		d.Axis = [2]string(o.Axis)
	}
	if o.Split != nil {
		d.Fractions = dataset.Fractions{Train: o.Split[0], Validation: o.Split[1], Test: o.Split[2]}
	}
	var err error
	d.Bounds, err = o.bounds()
	return d, err
}

// trainerConfig returns the preset's training with what was asked for put over it.
func (o trainOptions) trainerConfig(trainRows int) trainer.Config {
	c := trainer.Robust(trainRows)
	if o.reference() {
		c = trainer.Reference()
	}
	c.Epochs = given(o.Epochs, c.Epochs)
	c.Batch = given(o.Batch, c.Batch)
	c.Patience = given(o.Patience, c.Patience)
	c.LearningRate = given(o.LearningRate, c.LearningRate)
	c.WarmupEpochs = given(o.WarmupEpochs, c.WarmupEpochs)
	c.Adam.WeightDecay = given(o.WeightDecay, c.Adam.WeightDecay)
	c.Adam.ClipNorm = given(o.ClipNorm, c.Adam.ClipNorm)
	c.Noise = given(o.Noise, c.Noise)
	c.Average = given(o.Average, c.Average)
	c.MomentumNoise = o.momentumNoise(c.MomentumNoise)
	c.Seed = given(o.Seed, defaultSeed)
	if o.Schedule != "" {
		c.Schedule = optim.ScheduleKind(o.Schedule)
	}
	c.Graph, c.MicroBatch, c.MembersAtOnce = o.CUDAGraph, given(o.MicroBatch, 0), given(o.MembersAtOnce, 0)
	c.Dir, c.Resume = o.Out, o.Resume
	return c
}

// newModel returns the preset's model for the data, with what was asked for put over it.
func (o trainOptions) newModel(data *training, on binding.Device) (closableModel, error) {
	d, c := data.split.Train.Positions.Cols, data.split.Train.Momenta.Cols
	at := nn.Placement{Device: on, DType: binding.Float32, Seed: given(o.Seed, defaultSeed)}
	if o.DType == "float64" {
		at.DType = binding.Float64
	}
	if o.Model == cvae.Kind {
		return closable(cvae.New(o.cvaeConfig(int64(d), int64(c), data.rows), at))
	}
	return closable(cinn.New(o.cinnConfig(int64(d), int64(c), data.rows), at))
}

// closable keeps a nil pointer from becoming a model that is not nil.
func closable[M closableModel](m M, err error) (closableModel, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (o trainOptions) cvaeConfig(d, c int64, rows int) cvae.Config {
	config := cvae.Robust(d, c, rows)
	if o.reference() {
		config = cvae.Reference(d, c)
	}
	config.Trend = given(o.Trend, config.Trend)
	config.Latent = int64(given(o.Latent, int(config.Latent)))
	config.KLWarmupEpochs = given(o.KLWarmupEpochs, config.KLWarmupEpochs)
	if o.Prior != "" {
		config.LearnedPrior = o.Prior == "learned"
	}
	if o.Hidden != nil {
		config.Hidden = o.Hidden
	}
	return config
}

func (o trainOptions) cinnConfig(d, c int64, rows int) cinn.Config {
	config := cinn.Robust(d, c, rows)
	if o.reference() {
		config = cinn.Reference(d, c)
	}
	config.Trend = given(o.Trend, config.Trend)
	config.Couplings = given(o.Couplings, config.Couplings)
	config.Networks = given(o.Networks, config.Networks)
	config.Clamp = given(o.Clamp, config.Clamp)
	config.Coupling = cinn.CouplingKind(cmp.Or(o.Coupling, string(config.Coupling)))
	config.Permutation = cinn.Permutation(cmp.Or(o.Permutation, string(config.Permutation)))
	config.Bins = given(o.Bins, config.Bins)
	config.ActNorm = config.ActNorm || o.ActNorm
	if o.Hidden != nil {
		config.Hidden = o.Hidden
	}
	return config
}
