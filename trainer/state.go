package trainer

import (
	"fmt"

	"github.com/gocei/gocei/binding"
)

// counters are the numbers that tell where training is. BestLoss is kept as text in files, since JSON has no infinity.
type counters struct {
	Epoch     int     `json:"epoch"` // completed
	Step      int     `json:"step"`  // completed in the epoch under way
	AdamSteps int64   `json:"adam_steps"`
	BestEpoch int     `json:"best_epoch"`
	BestLoss  float64 `json:"-"`
	BestText  string  `json:"best_loss"`
	Stopped   bool    `json:"stopped"` // early
}

// state is all that resuming needs.
type state struct {
	counters counters
	arrays   map[string]any // weights, moments, best weights, sums, order, generator: []float32, []float64, []int64 or []byte, as they are on the device
}

// The names of arrays that are no tensors of numbers to compute with.
const (
	orderKey     = "order"     // the epoch's permutation of the rows
	generatorKey = "generator" // the state of the training's random numbers
	bufferKey    = "buffer."   // begins the names of a model's buffers
)

// stored names the device's tensors that a checkpoint must hold.
func (f *fitter) stored() map[string]binding.Tensor {
	mean, square := f.adam.Moments()
	all := map[string]binding.Tensor{
		"weights": f.model.Params().Flat(), "best": f.best,
		"adam.mean": mean, "adam.square": square, "sums": f.tally.sums, orderKey: f.order,
	}
	if f.config.Average > 0 {
		all["average"] = f.average
	}
	return all
}

// buffers names the model's buffers as checkpoints do.
func (f *fitter) buffers() map[string]binding.Tensor {
	all := map[string]binding.Tensor{}
	for _, b := range f.model.Params().Buffers() {
		all[bufferKey+b.Name] = b.Tensor()
	}
	return all
}

// What a checkpoint has at most beside its tensors' elements, and an element.
const (
	mostHeaderBytes  = 1 << 20
	mostElementBytes = 8
)

// mostStateBytes returns how large a checkpoint of this model and data may be.
func (f *fitter) mostStateBytes() (int64, error) {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	elements := int64(0)
	for _, tensors := range []map[string]binding.Tensor{f.stored(), f.buffers()} {
		for name, t := range tensors {
			shape, err := s.Shape(t)
			if err != nil {
				return 0, fmt.Errorf("trainer: measure %s: %w", name, err)
			}
			n := int64(1)
			for _, size := range shape {
				n *= size
			}
			elements += n
		}
	}
	generator, err := f.generator.State()
	if err != nil {
		return 0, fmt.Errorf("trainer: measure generator: %w", err)
	}
	return mostHeaderBytes + mostElementBytes*elements + int64(len(generator)), nil
}

// capture copies the fitter's state to the host.
func (f *fitter) capture() (state, error) {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	f.counters.AdamSteps = f.adam.Steps()
	st := state{counters: f.counters, arrays: map[string]any{}}
	for _, tensors := range []map[string]binding.Tensor{f.stored(), f.buffers()} {
		for name, t := range tensors {
			values, err := toHost(s, t)
			if err != nil {
				return state{}, fmt.Errorf("trainer: capture %s: %w", name, err)
			}
			st.arrays[name] = values
		}
	}
	generator, err := f.generator.State()
	if err != nil {
		return state{}, fmt.Errorf("trainer: capture generator: %w", err)
	}
	st.arrays[generatorKey] = generator
	return st, nil
}

// toHost returns a tensor's elements in the type that they have.
func toHost(s *binding.Scope, t binding.Tensor) (any, error) {
	dtype, err := s.DTypeOf(t)
	if err != nil {
		return nil, err
	}
	switch dtype {
	case binding.Float32:
		return s.Float32s(t)
	case binding.Int64:
		return s.Int64s(t)
	default:
		return s.Float64s(t)
	}
}

// restore puts a captured state back.
func (f *fitter) restore(st state) error {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	for name, t := range f.stored() {
		values, ok := st.arrays[name]
		if !ok {
			return fmt.Errorf("trainer: resume: the checkpoint lacks %s", name)
		}
		fromHost(s, t, values)
	}
	for name, t := range f.buffers() { // what a Starter found belongs to these weights, whatever it would find today
		if values, ok := st.arrays[name]; ok {
			fromHost(s, t, values)
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: resume: the checkpoint does not fit the model and data: %w", err)
	}
	generator, _ := st.arrays[generatorKey].([]byte) // none is refused
	if err := f.generator.Restore(generator); err != nil {
		return fmt.Errorf("trainer: resume: %w", err)
	}
	f.counters = st.counters
	mean, square := f.adam.Moments()
	return f.adam.Restore(s, st.counters.AdamSteps, mean, square)
}

// fromHost puts elements into a tensor that has as many. Errors stay with the scope.
func fromHost(s *binding.Scope, t binding.Tensor, values any) {
	shape, err := s.Shape(t)
	if err != nil {
		return // the scope carries the error
	}
	switch v := values.(type) {
	case []float32:
		s.Copy(t, s.FromFloat32s(v, binding.Float32, binding.CPU, shape...))
	case []float64:
		s.Copy(t, s.FromFloat64s(v, binding.Float64, binding.CPU, shape...))
	case []int64:
		s.Copy(t, s.FromInt64s(v, binding.CPU, shape...))
	default:
		s.Fail(fmt.Errorf("bytes in place of numbers"))
	}
}
