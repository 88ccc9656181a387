package trainer

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// tally sums a loss and its terms over an epoch on the device, in float64, so that no step waits for a number.
type tally struct {
	names []string       // of the terms
	sums  binding.Tensor // [1+terms]: loss and terms, each times its batch's rows
}

func newTally(owner *binding.Scope, on binding.Device, names []string) tally {
	return tally{names: names, sums: owner.Zeros(binding.Float64, on, int64(1+len(names)))}
}

// lossValues returns the values [1+terms] of a loss and its terms.
func lossValues(s *binding.Scope, loss nn.Loss) binding.Tensor {
	values := []binding.Tensor{s.Reshape(s.Detach(loss.Total), 1)}
	for _, term := range loss.Terms {
		values = append(values, s.Reshape(s.Detach(term.Value), 1))
	}
	return s.Cat(0, values...)
}

// add adds a batch's means [1+terms] of the loss.
func (t *tally) add(s *binding.Scope, means binding.Tensor, rows int) {
	s.Copy(t.sums, s.Add(t.sums, s.Scale(s.To(means, binding.Float64, t.device(s)), float64(rows))))
}

func (t *tally) device(s *binding.Scope) binding.Device {
	on, err := s.DeviceOf(t.sums)
	if err != nil {
		return binding.CPU // the scope carries the error
	}
	return on
}

// means returns the mean loss and terms over that many rows.
func (t *tally) means(s *binding.Scope, rows int) (loss float64, terms map[string]float64, err error) {
	sums, err := s.Float64s(t.sums)
	if err != nil {
		return 0, nil, err
	}
	terms = map[string]float64{}
	for i, name := range t.names {
		terms[name] = sums[1+i] / float64(rows)
	}
	return sums[0] / float64(rows), terms, nil
}
