package binding_test

import (
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

type (
	unary  = func(s *binding.Scope, a binding.Tensor) binding.Tensor
	binary = func(s *binding.Scope, a, b binding.Tensor) binding.Tensor
)

func positive(r *rand.Rand) float64 { return 0.2 + 3*r.Float64() }

func elementwiseLaws() []law {
	var all []law
	add := func(more []law) { all = append(all, more...) }
	add(binaryLaws(cgo.OpAdd, (*binding.Scope).Add, func(a, b float64) float64 { return a + b }))
	add(binaryLaws(cgo.OpSub, (*binding.Scope).Sub, func(a, b float64) float64 { return a - b }))
	add(binaryLaws(cgo.OpMul, (*binding.Scope).Mul, func(a, b float64) float64 { return a * b }))
	add(binaryLaws(cgo.OpDiv, (*binding.Scope).Div, func(a, b float64) float64 { return a / b }))
	add(unaryLaws(cgo.OpExp, normal, (*binding.Scope).Exp, math.Exp))
	add(unaryLaws(cgo.OpLog, positive, (*binding.Scope).Log, math.Log))
	add(unaryLaws(cgo.OpSqrt, positive, (*binding.Scope).Sqrt, math.Sqrt))
	add(unaryLaws(cgo.OpSquare, normal, (*binding.Scope).Square, func(a float64) float64 { return a * a }))
	add(unaryLaws(cgo.OpAbs, normal, (*binding.Scope).Abs, math.Abs))
	add(unaryLaws(cgo.OpTanh, normal, (*binding.Scope).Tanh, math.Tanh))
	add(unaryLaws(cgo.OpELU, normal, (*binding.Scope).ELU, elu))
	add(unaryLaws(cgo.OpAffine, normal, affine, func(a float64) float64 { return -1.5*a + 0.25 }))
	add(unaryLaws(cgo.OpAffine, normal, scale, func(a float64) float64 { return 3 * a }))
	add(unaryLaws(cgo.OpClamp, normal, clamp, func(a float64) float64 { return min(max(a, -0.5), 0.75) }))
	return all
}

func affine(s *binding.Scope, a binding.Tensor) binding.Tensor { return s.Affine(a, -1.5, 0.25) }
func scale(s *binding.Scope, a binding.Tensor) binding.Tensor  { return s.Scale(a, 3) }
func clamp(s *binding.Scope, a binding.Tensor) binding.Tensor  { return s.Clamp(a, -0.5, 0.75) }

func elu(x float64) float64 {
	if x > 0 {
		return x
	}
	return math.Expm1(x)
}

// The pairs of shapes broadcast in every way: not at all, a row, both ways, one element, no dimension, nothing at all,
// and more dimensions on the right.
func binaryLaws(op cgo.Op, apply binary, f func(a, b float64) float64) []law {
	var all []law
	for _, shapes := range [][][]int64{
		{{3, 4}, {3, 4}}, {{3, 4}, {4}}, {{3, 1}, {1, 5}}, {{1}, {7}}, {{}, {2, 3}}, {{0, 3}, {3}}, {{2, 1, 3}, {4, 2, 5, 3}},
	} {
		all = append(all, law{op, shapes, positive,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return apply(s, in[0], in[1]) },
			func(in []array) array {
				return arrayOf(broadcast(in[0].shape, in[1].shape), func(at []int64) float64 { return f(in[0].at(at...), in[1].at(at...)) })
			}})
	}
	return all
}

func unaryLaws(op cgo.Op, domain func(*rand.Rand) float64, apply unary, f func(float64) float64) []law {
	var all []law
	for _, shape := range [][]int64{{37}, {1, 3}, {2, 3, 5}, {}, {0}, {0, 2}} {
		all = append(all, law{op, [][]int64{shape}, domain,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return apply(s, in[0]) },
			func(in []array) array {
				return arrayOf(shape, func(at []int64) float64 { return f(in[0].at(at...)) })
			}})
	}
	return all
}
