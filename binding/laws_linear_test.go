package binding_test

import (
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

func linearLaws() []law {
	var all []law
	for _, shapes := range [][][]int64{
		{{2, 3}, {3, 4}}, {{1, 1}, {1, 1}}, {{5, 2, 3}, {3, 4}}, {{5, 2, 3}, {5, 3, 4}}, {{1, 2, 3}, {4, 3, 1}}, {{0, 3}, {3, 2}}, {{2, 0}, {0, 3}},
	} {
		all = append(all, law{cgo.OpMatmul, shapes, nil,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return s.MatMul(in[0], in[1]) },
			func(in []array) array { return product(in[0], in[1]) }})
	}
	for _, sizes := range [][3]int64{{4, 3, 2}, {1, 5, 7}, {33, 1, 1}, {0, 3, 2}, {3, 0, 2}} {
		batch, inputs, outputs := sizes[0], sizes[1], sizes[2]
		all = append(all, law{cgo.OpLinear, [][]int64{{batch, inputs}, {outputs, inputs}, {outputs}}, nil,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return s.Linear(in[0], in[1], in[2]) },
			func(in []array) array { return linear(in[0], in[1], in[2]) }})
	}
	return all
}

// product is the matrix product over the last two dimensions; those before them broadcast.
func product(a, b array) array {
	n, k, m := a.shape[len(a.shape)-2], a.shape[len(a.shape)-1], b.shape[len(b.shape)-1]
	lead := broadcast(a.shape[:len(a.shape)-2], b.shape[:len(b.shape)-2])
	return arrayOf(append(slices.Clone(lead), n, m), func(at []int64) float64 {
		left, right, sum := slices.Clone(at), slices.Clone(at), 0.0
		for i := range k {
			left[len(at)-1], right[len(at)-2] = i, i
			sum += a.at(left...) * b.at(right...)
		}
		return sum
	})
}

// linear is x·wᵀ + b.
func linear(x, w, b array) array {
	return arrayOf([]int64{x.shape[0], w.shape[0]}, func(at []int64) float64 {
		sum := b.at(at[1])
		for i := range x.shape[1] {
			sum += x.at(at[0], i) * w.at(at[1], i)
		}
		return sum
	})
}
