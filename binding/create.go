package binding

import "github.com/gocei/gocei/cgo"

// Full returns a tensor with every element equal to value.
func (s *Scope) Full(value float64, dtype DType, on Device, shape ...int64) Tensor {
	return s.create(cgo.OpFull, dtype, on, shape, value)
}

// Zeros returns a tensor of zeros.
func (s *Scope) Zeros(dtype DType, on Device, shape ...int64) Tensor {
	return s.Full(0, dtype, on, shape...)
}

// Normal returns independent draws of N(0,1) from the scope's generator, on the generator's device. On the CPU the generator gives a
// key of 64 bits, and each number follows from that and its place alone, whatever the number of threads (docs/adr/017).
func (s *Scope) Normal(dtype DType, shape ...int64) Tensor {
	return s.draw(cgo.OpNormal, dtype, shape)
}

// Uniform returns independent draws, uniform in [0,1), from the scope's generator, on the generator's device.
func (s *Scope) Uniform(dtype DType, shape ...int64) Tensor {
	return s.draw(cgo.OpUniform, dtype, shape)
}

// RandPerm returns a random permutation of 0..n-1 as an Int64 tensor [n], on the generator's device.
func (s *Scope) RandPerm(n int64) Tensor {
	on := s.generatorDevice(cgo.OpRandperm).native()
	s.in = s.in[:0]
	s.ints = append(s.ints[:0], int64(on.Type), int64(on.Index), n)
	return s.one(cgo.OpRandperm)
}

func (s *Scope) create(op cgo.Op, dtype DType, on Device, shape []int64, floats ...float64) Tensor {
	s.in = s.in[:0]
	s.like(dtype, on)
	s.ints = append(s.ints, shape...)
	return s.one(op, floats...)
}

func (s *Scope) generatorDevice(op cgo.Op) Device {
	switch {
	case s.generator == nil:
		s.fail(op.String(), ErrArgument, "the scope has no generator")
	case s.generator.handle == 0:
		s.fail(op.String(), ErrClosed, "the scope's generator is closed")
	default:
		return s.generator.device
	}
	return CPU
}
