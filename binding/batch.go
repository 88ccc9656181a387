package binding

import "github.com/gocei/gocei/cgo"

// Gather writes rows of from to the first rows of to, for each pair of tables to [M,K], from [N,K]: those whose numbers are the
// count elements of order, an Int64 tensor, from first on. It is in place and unseen by autograd.
func (s *Scope) Gather(order Tensor, first, count int64, toFrom ...Tensor) {
	s.with(cgo.OpGather, order)
	s.and(cgo.OpGather, toFrom...)
	s.ints = append(s.ints[:0], first, count)
	s.run(cgo.OpGather)
}

// Tally adds rows times the values to sums [K], a Float64 tensor, in place and unseen by autograd. The values' elements, one
// after another, are as many.
func (s *Scope) Tally(sums Tensor, rows float64, values ...Tensor) {
	s.with(cgo.OpTally, sums)
	s.and(cgo.OpTally, values...)
	s.ints = s.ints[:0]
	s.run(cgo.OpTally, rows)
}
