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

// lossValues returns the values of a loss and of its terms.
func lossValues(loss nn.Loss) []binding.Tensor {
	values := make([]binding.Tensor, 0, 1+len(loss.Terms))
	values = append(values, loss.Total)
	for _, term := range loss.Terms {
		values = append(values, term.Value)
	}
	return values
}

// joined returns the values of a loss and of its terms as one tensor [1+terms].
func joined(s *binding.Scope, values []binding.Tensor) binding.Tensor {
	rows := make([]binding.Tensor, len(values))
	for i, value := range values {
		rows[i] = s.Reshape(s.Detach(value), 1)
	}
	return s.Cat(0, rows...)
}

// add adds a batch's means of the loss and of its terms, which may be joined.
func (t *tally) add(s *binding.Scope, means []binding.Tensor, rows int) {
	s.Tally(t.sums, float64(rows), means...)
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
