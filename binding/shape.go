package binding

import "github.com/gocei/gocei/cgo"

// Cat joins tensors along a dimension.
func (s *Scope) Cat(dim int64, tensors ...Tensor) Tensor {
	s.with(cgo.OpCat, tensors...)
	s.ints = append(s.ints[:0], dim)
	return s.one(cgo.OpCat)
}

// Narrow returns the length elements from start along dim, as a view.
func (s *Scope) Narrow(a Tensor, dim, start, length int64) Tensor {
	return s.applyInts(cgo.OpNarrow, a, dim, start, length)
}

// Reshape returns the same elements in another shape; one size may be -1 and is then found.
func (s *Scope) Reshape(a Tensor, shape ...int64) Tensor {
	return s.applyInts(cgo.OpReshape, a, shape...)
}

// Transpose returns a with two dimensions exchanged, as a view.
func (s *Scope) Transpose(a Tensor, dim0, dim1 int64) Tensor {
	return s.applyInts(cgo.OpTranspose, a, dim0, dim1)
}

// Expand returns a broadcast to a shape, as a view.
func (s *Scope) Expand(a Tensor, shape ...int64) Tensor {
	return s.applyInts(cgo.OpExpand, a, shape...)
}

// Flip returns a with its elements along dim in reverse order.
func (s *Scope) Flip(a Tensor, dim int64) Tensor { return s.applyInts(cgo.OpFlip, a, dim) }

// SelectRows returns the rows of a [N,...] whose numbers stand in index [M], an Int64 tensor: [M,...].
func (s *Scope) SelectRows(a, index Tensor) Tensor { return s.apply(cgo.OpSelectRows, a, index) }

// RepeatRows returns each row of a [N,...] times times, one after another: [N*times,...].
func (s *Scope) RepeatRows(a Tensor, times int64) Tensor {
	return s.applyInts(cgo.OpRepeatRows, a, times)
}
