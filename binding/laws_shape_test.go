package binding_test

import (
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

func shapeLaws() []law {
	return slices.Concat(catLaws(), viewLaws(), rowLaws())
}

func catLaws() []law {
	var all []law
	for _, c := range []struct {
		dim    int64
		shapes [][]int64
	}{
		{0, [][]int64{{2, 3}, {1, 3}}}, {1, [][]int64{{2, 3}, {2, 1}, {2, 4}}}, {-1, [][]int64{{2, 0}, {2, 2}}}, {0, [][]int64{{5}}}, {2, [][]int64{{1, 2, 3}, {1, 2, 1}}},
	} {
		all = append(all, law{cgo.OpCat, c.shapes, nil,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return s.Cat(c.dim, in...) },
			func(in []array) array { return joined(in, c.dim) }})
	}
	return all
}

func joined(in []array, dim int64) array {
	shape := slices.Clone(in[0].shape)
	d := (dim + int64(len(shape))) % int64(len(shape))
	for _, a := range in[1:] {
		shape[d] += a.shape[d]
	}
	return arrayOf(shape, func(at []int64) float64 {
		from := slices.Clone(at)
		for _, a := range in {
			if from[d] < a.shape[d] {
				return a.at(from...)
			}
			from[d] -= a.shape[d]
		}
		panic("an index past the joined arrays")
	})
}

// viewLaw is an operation on one tensor, each element of whose result is the element of the operand at another index.
func viewLaw(op cgo.Op, from, to []int64, apply unary, source func(at []int64) []int64) law {
	return law{op, [][]int64{from}, nil,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return apply(s, in[0]) },
		func(in []array) array {
			return arrayOf(to, func(at []int64) float64 { return in[0].at(source(at)...) })
		}}
}

func viewLaws() []law {
	type scope = binding.Scope
	type tensor = binding.Tensor
	same := func(at []int64) []int64 { return at }
	return []law{
		viewLaw(cgo.OpNarrow, []int64{3, 5}, []int64{3, 2}, func(s *scope, a tensor) tensor { return s.Narrow(a, 1, 3, 2) },
			func(at []int64) []int64 { return []int64{at[0], at[1] + 3} }),
		viewLaw(cgo.OpNarrow, []int64{3, 5}, []int64{0, 5}, func(s *scope, a tensor) tensor { return s.Narrow(a, -2, 3, 0) }, same),
		viewLaw(cgo.OpReshape, []int64{2, 6}, []int64{3, 4}, func(s *scope, a tensor) tensor { return s.Reshape(a, 3, -1) },
			func(at []int64) []int64 { flat := 4*at[0] + at[1]; return []int64{flat / 6, flat % 6} }),
		viewLaw(cgo.OpReshape, []int64{1, 1}, []int64{}, func(s *scope, a tensor) tensor { return s.Reshape(a) },
			func([]int64) []int64 { return []int64{0, 0} }),
		viewLaw(cgo.OpReshape, []int64{0, 3}, []int64{3, 0}, func(s *scope, a tensor) tensor { return s.Reshape(a, 3, 0) }, same),
		viewLaw(cgo.OpTranspose, []int64{2, 3, 5}, []int64{5, 3, 2}, func(s *scope, a tensor) tensor { return s.Transpose(a, 0, -1) },
			func(at []int64) []int64 { return []int64{at[2], at[1], at[0]} }),
		viewLaw(cgo.OpExpand, []int64{3, 1}, []int64{2, 3, 4}, func(s *scope, a tensor) tensor { return s.Expand(a, 2, 3, 4) }, same),
		viewLaw(cgo.OpFlip, []int64{2, 5}, []int64{2, 5}, func(s *scope, a tensor) tensor { return s.Flip(a, 1) },
			func(at []int64) []int64 { return []int64{at[0], 4 - at[1]} }),
		viewLaw(cgo.OpFlip, []int64{1, 4}, []int64{1, 4}, func(s *scope, a tensor) tensor { return s.Flip(a, -2) }, same),
	}
}

func rowLaws() []law {
	var all []law
	for _, rows := range [][]int64{{2, 0, 2, 3}, {1}, {}} {
		all = append(all, viewLaw(cgo.OpSelectRows, []int64{4, 3}, []int64{int64(len(rows)), 3},
			func(s *binding.Scope, a binding.Tensor) binding.Tensor { return selectRows(s, a, rows) },
			func(at []int64) []int64 { return []int64{rows[at[0]], at[1]} }))
	}
	for _, times := range []int64{3, 1, 0} {
		all = append(all, viewLaw(cgo.OpRepeatRows, []int64{2, 3}, []int64{2 * times, 3},
			func(s *binding.Scope, a binding.Tensor) binding.Tensor { return s.RepeatRows(a, times) },
			func(at []int64) []int64 { return []int64{at[0] / times, at[1]} }))
	}
	return all
}

// selectRows copies the row numbers to wherever a is.
func selectRows(s *binding.Scope, a binding.Tensor, rows []int64) binding.Tensor {
	on, err := s.DeviceOf(a)
	if err != nil {
		return binding.Tensor{}
	}
	return s.SelectRows(a, s.FromInt64s(rows, on, int64(len(rows))))
}
