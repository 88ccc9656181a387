package binding_test

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

// Copies keep every element, and their gradients pass through.
func copyLaws() []law {
	same := func(at []int64) []int64 { return at }
	toDouble := func(s *binding.Scope, a binding.Tensor) binding.Tensor {
		on, err := s.DeviceOf(a)
		if err != nil {
			return binding.Tensor{}
		}
		return s.To(a, binding.Float64, on)
	}
	// The weighted sum that the law takes is of the operand's type.
	thereAndBack := func(s *binding.Scope, a binding.Tensor) binding.Tensor {
		dtype, err := s.DTypeOf(a)
		if err != nil {
			return binding.Tensor{}
		}
		on, _ := s.DeviceOf(a)
		return s.To(toDouble(s, a), dtype, on)
	}
	var all []law
	for _, shape := range [][]int64{{2, 3}, {}, {0, 4}} {
		all = append(all,
			viewLaw(cgo.OpTo, shape, shape, thereAndBack, same),
			viewLaw(cgo.OpClone, shape, shape, (*binding.Scope).Clone, same))
	}
	return all
}
