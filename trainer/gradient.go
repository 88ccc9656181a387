package trainer

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// total is where pieces of a batch add up, those of other processes too. It is one array, so that a step needs one call to
// them.
type total struct {
	all      binding.Tensor // the others are views of it
	gradient binding.Tensor // [parameters]
	means    binding.Tensor // [1+terms] of the loss
	stop     binding.Tensor // [1], how many processes want to stop
}

func (f *fitter) newTotal() total {
	p, terms := f.model.Params(), int64(1+len(f.tally.names))
	n := int64(p.Count())
	all := f.scope.Zeros(p.DType(), p.Device(), n+terms+1)
	return total{
		all:      all,
		gradient: f.scope.Narrow(all, 0, 0, n),
		means:    f.scope.Narrow(all, 0, n, terms),
		stop:     f.scope.Narrow(all, 0, n+terms, 1),
	}
}

// gradient puts the gradient of batch i of the epoch into the model's, and returns the means of its loss and terms.
func (f *fitter) gradient(ctx context.Context, s *binding.Scope, i int) (means []binding.Tensor, err error) {
	divided := false
	err = f.inPieces(s, f.train.length(i), &f.atOnce, func(p piece) error {
		values := f.differentiate(s, i, p)
		if divided = f.config.Group != nil || !p.whole(); !divided {
			means = values
			return s.Err()
		}
		f.addUp(s, p, joined(s, values))
		return errors.Join(s.Err(), s.Reset())
	})
	if err != nil || !divided {
		return means, err
	}
	if err := f.combine(ctx, s); err != nil {
		return nil, errors.Join(err, f.startOver(s)) // so that a checkpoint goes on with this step
	}
	s.Copy(f.model.Params().Gradient(), f.total.gradient)
	return []binding.Tensor{f.total.means}, s.Err()
}

// differentiate adds the gradient of a piece of batch i to the model's, and returns the means of its loss and terms.
func (f *fitter) differentiate(s *binding.Scope, i int, p piece) []binding.Tensor {
	x, y := f.shuffled.gather(s, i*f.train.size+p.first, p.count)
	return lossValues(Differentiate(f.model, s, f.blur(s, x), f.blurred.Add(s, y)))
}

// addUp moves a piece's gradient and loss to the total.
func (f *fitter) addUp(s *binding.Scope, p piece, values binding.Tensor) {
	if !f.total.all.Valid() {
		f.total = f.newTotal()
		if err := f.scope.Err(); err != nil {
			s.Fail(err)
		}
	}
	gradient := f.model.Params().Gradient()
	scaled, means := s.Scale(gradient, p.weight), s.Scale(values, p.weight)
	if p.index > 0 {
		scaled, means = s.Add(f.total.gradient, scaled), s.Add(f.total.means, means)
	}
	s.Copy(f.total.gradient, scaled)
	s.Copy(f.total.means, means)
	s.Zero(gradient)
}

// combine adds up the total over the processes, if there are several, and learns whether to stop after this step.
func (f *fitter) combine(ctx context.Context, s *binding.Scope) error {
	if f.config.Group == nil {
		return nil
	}
	s.Copy(f.total.stop, s.Full(flagOf(ctx), f.model.Params().DType(), f.model.Params().Device(), 1))
	f.config.Group.Sum(s, f.total.all)
	if err := f.heed(ctx, s, f.total.stop); err != nil {
		return fmt.Errorf("add up the gradient over %d processes: %w", f.config.Group.Size(), err)
	}
	return nil
}
