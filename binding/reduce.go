package binding

import "github.com/gocei/gocei/cgo"

// Sum returns the sum over the dimensions, or over all of them if none is named. Negative ones count from the end.
func (s *Scope) Sum(a Tensor, dims ...int64) Tensor { return s.reduce(cgo.OpSum, a, dims) }

// Mean returns the mean over the dimensions, or over all of them if none is named.
func (s *Scope) Mean(a Tensor, dims ...int64) Tensor { return s.reduce(cgo.OpMean, a, dims) }

// Variance returns the variance, with divisor n, over the dimensions, or over all of them if none is named.
func (s *Scope) Variance(a Tensor, dims ...int64) Tensor { return s.reduce(cgo.OpVariance, a, dims) }

// LogSumExp returns log Σ exp(a) over the dimensions, or over all of them if none is named.
func (s *Scope) LogSumExp(a Tensor, dims ...int64) Tensor { return s.reduce(cgo.OpLogsumexp, a, dims) }

func (s *Scope) reduce(op cgo.Op, a Tensor, dims []int64) Tensor {
	const dropReduced = 0
	s.with(op, a)
	s.ints = append(append(s.ints[:0], dropReduced), dims...)
	return s.one(op)
}

// AllFinite reports whether no element is NaN or infinite.
func (s *Scope) AllFinite(a Tensor) (bool, error) {
	finite, err := s.Item(s.apply(cgo.OpAllFinite, a))
	return finite != 0, err
}
