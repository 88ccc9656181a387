package trainer

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
	"github.com/gocei/gocei/dataset"
)

// fitter is one training under way.
type fitter struct {
	model    Model
	config   Config
	schedule optim.Schedule
	run      RunConfig

	scope      *binding.Scope // owns what lives as long as the training
	train      batches
	validation batches
	shape      shape          // of every epoch's part
	splitTrain dataset.Part   // the split's training part, where the device does not keep it and the model settles on it
	coming     *prefetcher    // parts of the epochs to come; nil without a source
	order      binding.Tensor // the epoch's permutation of the training rows
	shuffled   shuffled       // the training rows in that order
	best       binding.Tensor // the best epoch's weights
	average    binding.Tensor // running mean of the weights; none without Config.Average
	blurred    *MomentumBlur  // nil without noise
	tally      tally          // the epoch's sums
	total      total          // of the step's batch, where it is divided
	generator  *binding.Generator
	steps      *binding.Scope     // of each step, with the memory that steps compute in
	before     []byte             // state of a step's generator before the step
	judge      *binding.Generator // for validation: the same numbers each epoch
	adam       *optim.Adam
	graph      *stepGraph // nil without Config.Graph
	metrics    *metricsLog
	saver      *saver // nil without Config.Dir
	modelEpoch int    // whose weights a checkpoint saved as the model; -1 for none

	atOnce, validatedAtOnce int    // rows at most; 0 for no bound
	dataHash                uint64 // of what the split trains and validates on, in a group
	stop                    error  // with which the processes of the group agreed to stop

	counters   counters
	epochStart time.Time
	epochRows  int // trained on since epochStart
	saved      time.Time
}

func newFitter(m Model, d *dataset.Split, c Config) (*fitter, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if d.Train.Len() == 0 || d.Validation.Len() == 0 {
		return nil, fmt.Errorf("trainer: fit: need rows to train on and rows to validate on, got %d and %d", d.Train.Len(), d.Validation.Len())
	}
	run, err := newRunConfig(m, d, c)
	if err != nil {
		return nil, err
	}
	f := &fitter{model: m, config: c, atOnce: c.MicroBatch, validatedAtOnce: c.MicroBatch, run: run, shape: shapeOf(d.Train), scope: binding.NewScope(binding.NoGrad())}
	f.counters.BestLoss, f.modelEpoch = math.Inf(1), -1
	if c.Group != nil {
		f.dataHash = rowsHash(d.Train, d.Validation)
	}
	if _, settles := m.(Settler); settles && c.Source != nil {
		f.splitTrain = d.Train
	}
	if err := f.prepare(d); err != nil {
		_ = f.close() // the first error is the one to report
		return nil, err
	}
	return f, nil
}

func (f *fitter) upload(d *dataset.Split) (err error) {
	p := f.model.Params()
	if f.train, err = newBatches(f.scope, d.Train, p.DType(), p.Device(), f.config.Batch); err != nil {
		return err
	}
	f.validation, err = newBatches(f.scope, d.Validation, p.DType(), p.Device(), max(f.config.Batch, validationBatch))
	return err
}

// validationBatch is the least number of rows that are validated at once: no gradient is kept, so more fit.
const validationBatch = 4096

// Seeds of the generators that a training uses, so that none repeats another's numbers.
const (
	trainStream    = 0x7472
	validateStream = 0x7661
	noiseStream    = 0x6e6f // of the realisation of the momentum noise that does not change
)

// prepare puts the data on the device and makes what training changes: moments, generators, and the weights of "no
// epoch yet" as the best.
func (f *fitter) prepare(d *dataset.Split) (err error) {
	if err := f.upload(d); err != nil {
		return err
	}
	f.schedule = f.config.schedule(f.train.count())
	if err := f.schedule.Check(); err != nil {
		return err
	}
	p := f.model.Params()
	if f.adam, err = optim.NewAdam(p, f.config.Adam); err != nil {
		return err
	}
	if f.generator, err = binding.NewGenerator(p.Device(), f.config.Seed<<16^trainStream); err != nil {
		return fmt.Errorf("trainer: fit: %w", err)
	}
	f.steps = binding.NewScope(binding.WithGenerator(f.generator))
	if f.judge, err = binding.NewGenerator(p.Device(), 0); err != nil {
		return fmt.Errorf("trainer: fit: %w", err)
	}
	if err := f.blurValidation(d.Encoding.Momenta); err != nil {
		return err
	}
	if err := f.start(); err != nil {
		return err
	}
	f.best = f.scope.Clone(p.Flat())
	if f.config.Average > 0 {
		f.average = f.scope.Clone(p.Flat())
	}
	f.order = f.scope.FromInt64s(make([]int64, f.train.rows), p.Device(), int64(f.train.rows))
	f.shuffled = newShuffled(f.scope, f.train, f.order)
	names, err := f.probe()
	if err != nil {
		return err
	}
	f.tally = newTally(f.scope, p.Device(), names)
	if f.graph, err = newStepGraph(f); err != nil {
		return err
	}
	return f.scope.Err()
}

// blurValidation prepares the momentum noise, and gives the validation part the one realisation that all epochs are judged
// by.
func (f *fitter) blurValidation(scaler dataset.Scaler) (err error) {
	p := f.model.Params()
	if f.blurred, err = NewMomentumBlur(f.scope, f.config.MomentumNoise, scaler, p.DType(), p.Device()); err != nil || f.blurred == nil {
		return err
	}
	return f.withFixedNoise(f.validation.y, func(s *binding.Scope, y binding.Tensor) error {
		s.Copy(f.validation.y, y)
		return s.Err()
	})
}

// withFixedNoise calls do with momenta that have the momentum noise in a realisation that depends on the seed alone.
func (f *fitter) withFixedNoise(y binding.Tensor, do func(s *binding.Scope, y binding.Tensor) error) error {
	if err := f.judge.Seed(f.config.Seed<<16 ^ noiseStream); err != nil {
		return fmt.Errorf("trainer: draw momentum noise: %w", err)
	}
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(f.judge))
	defer s.Close()
	return do(s, f.blurred.Add(s, y))
}

// probe returns the names of the loss's terms, from one row, and so that a model that does not fit the data fails early.
func (f *fitter) probe() ([]string, error) {
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(f.judge))
	defer s.Close()
	loss := f.model.Loss(s, s.Narrow(f.train.x, 0, 0, 1), s.Narrow(f.train.y, 0, 0, 1))
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("trainer: fit: the model does not fit the data: %w", err)
	}
	var names []string
	for _, term := range loss.Terms {
		names = append(names, term.Name)
	}
	return names, nil
}

func (f *fitter) close() error {
	f.coming.close()
	err := errors.Join(f.saver.wait(), f.metrics.close(), f.graph.close())
	if f.adam != nil {
		_ = f.adam.Close() // what can fail in it fails in scope.Close too
	}
	if f.steps != nil {
		err = errors.Join(err, f.steps.Close())
	}
	_ = f.generator.Close()
	_ = f.judge.Close()
	if e := f.scope.Close(); err == nil {
		err = e
	}
	return err
}
