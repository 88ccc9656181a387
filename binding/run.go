package binding

import "github.com/gocei/gocei/cgo"

// run does one operation, with s.in and s.ints filled, and returns its number of results, which are then in s.out.
func (s *Scope) run(op cgo.Op, floats ...float64) int {
	if s.err != nil {
		return 0
	}
	var g cgo.Generator
	if s.generator != nil {
		g = s.generator.handle
	}
	n, status := cgo.Run(op, s.grad, s.in, s.ints, floats, g, s.out, &s.native)
	if status != cgo.OK {
		s.Fail(check(op.String(), status, &s.native))
		return 0
	}
	return n
}

// with sets the tensors of the next operation.
func (s *Scope) with(op cgo.Op, tensors ...Tensor) {
	s.in = s.in[:0]
	s.and(op, tensors...)
}

// and adds tensors to those of the next operation.
func (s *Scope) and(op cgo.Op, tensors ...Tensor) {
	for _, t := range tensors {
		if !s.usable(op.String(), t) {
			return
		}
		s.in = append(s.in, t.of.handle)
	}
}

// usable reports whether the scope can go on and t be read.
func (s *Scope) usable(op string, t Tensor) bool {
	switch {
	case s.err != nil:
	case t.of == nil:
		s.fail(op, ErrArgument, "an operand is the zero Tensor")
	case t.of.handle == 0:
		s.fail(op, ErrClosed, "an operand's scope is closed")
	}
	return s.err == nil
}

// one does an operation with one result.
func (s *Scope) one(op cgo.Op, floats ...float64) Tensor {
	if s.run(op, floats...) != 1 {
		return Tensor{}
	}
	return s.adopt(s.out[0])
}

// apply does an operation on tensors alone that has one result.
func (s *Scope) apply(op cgo.Op, tensors ...Tensor) Tensor {
	s.with(op, tensors...)
	s.ints = s.ints[:0]
	return s.one(op)
}

// applyInts does an operation on tensors and integers that has one result.
func (s *Scope) applyInts(op cgo.Op, t Tensor, ints ...int64) Tensor {
	s.with(op, t)
	s.ints = append(s.ints[:0], ints...)
	return s.one(op)
}

// command does an operation without a result.
func (s *Scope) command(op cgo.Op, tensors ...Tensor) {
	s.with(op, tensors...)
	s.ints = s.ints[:0]
	s.run(op)
}

// like sets the integers of the next operation to an element type and device.
func (s *Scope) like(dtype DType, on Device) {
	d := on.native()
	s.ints = append(s.ints[:0], int64(dtype), int64(d.Type), int64(d.Index))
}

// room makes place for n results.
func (s *Scope) room(n int) {
	if len(s.out) < n {
		s.out = make([]cgo.Tensor, n)
	}
}
