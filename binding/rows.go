package binding

import "github.com/gocei/gocei/cgo"

// Rows is a part of a batch's rows: Count of them, from First on, of Total.
type Rows struct{ First, Count, Total int64 }

// DrawFor makes the scope's random numbers those which a part of a batch has in the whole batch: Normal and Uniform draw what
// the whole batch needs, and return the part's rows of it. Where the parts of a batch are computed one after the other or by
// several processes, each from a generator in the same state, they get together what the batch would have got, and leave their
// generators in the same state. Shapes must begin with r.Count then. The zero Rows ends it.
func (s *Scope) DrawFor(r Rows) {
	if r != (Rows{}) && (r.First < 0 || r.Count < 1 || r.First+r.Count > r.Total) {
		s.fail("draw for rows", ErrArgument, "%d rows from %d on, of %d", r.Count, r.First, r.Total)
		return
	}
	s.rows = r
}

// draw returns random numbers [shape...] from the scope's generator.
func (s *Scope) draw(op cgo.Op, dtype DType, shape []int64) Tensor {
	on, r := s.generatorDevice(op), s.rows
	if r.Count == r.Total {
		return s.create(op, dtype, on, shape)
	}
	if len(shape) == 0 || shape[0] != r.Count {
		s.fail(op.String(), ErrShape, "random numbers for %d of %d rows cannot have shape %v", r.Count, r.Total, append([]int64{}, shape...))
		return Tensor{}
	}
	whole := append([]int64{r.Total}, shape[1:]...)
	return s.Narrow(s.create(op, dtype, on, whole), 0, r.First, r.Count)
}
