package binding_test

import (
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

type reduction = func(s *binding.Scope, a binding.Tensor, dims ...int64) binding.Tensor

func reductionLaws() []law {
	var all []law
	for _, r := range []struct {
		op    cgo.Op
		apply reduction
		f     func([]float64) float64
	}{
		{cgo.OpSum, (*binding.Scope).Sum, sum},
		{cgo.OpMean, (*binding.Scope).Mean, mean},
		{cgo.OpVariance, (*binding.Scope).Variance, variance},
		{cgo.OpLogsumexp, (*binding.Scope).LogSumExp, logSumExp},
	} {
		all = append(all, reductionLawsOf(r.op, r.apply, r.f)...)
	}
	return all
}

// A reduction over all dimensions, one from either end, several, of one element, and of a tensor without dimensions.
func reductionLawsOf(op cgo.Op, apply reduction, f func([]float64) float64) []law {
	var all []law
	for _, c := range []struct{ shape, dims []int64 }{
		{[]int64{3, 4}, nil}, {[]int64{3, 4}, []int64{0}}, {[]int64{3, 4}, []int64{-1}}, {[]int64{2, 3, 5}, []int64{0, 2}},
		{[]int64{2, 3, 5}, []int64{1, -1}}, {[]int64{1, 1}, nil}, {[]int64{}, nil}, {[]int64{1, 6}, []int64{0}}, {[]int64{0, 3}, []int64{1}},
	} {
		all = append(all, law{op, [][]int64{c.shape}, nil,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return apply(s, in[0], c.dims...) },
			func(in []array) array { return reduced(in[0], c.dims, f) }})
	}
	return all
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

func mean(values []float64) float64 { return sum(values) / float64(len(values)) }

func variance(values []float64) float64 {
	m, total := mean(values), 0.0
	for _, v := range values {
		total += (v - m) * (v - m)
	}
	return total / float64(len(values))
}

func logSumExp(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += math.Exp(v)
	}
	return math.Log(total)
}
