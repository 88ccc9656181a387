package binding

import "github.com/gocei/gocei/cgo"

// Mixing maps each row x [D] to P·L·U·x. The matrix m [D,D] holds L below its diagonal (on which L has ones), U above it,
// and on it the logarithms of U's diagonal; permutation [D,D] is the transpose of P, with a one in each row and column. It
// returns z [B,D] and the map's log-determinant, a scalar (Kingma & Dhariwal 2018, arXiv:1807.03039, section 3.2).
func (s *Scope) Mixing(x, m, permutation Tensor) (z, logDet Tensor) {
	s.with(cgo.OpMixing, x, m, permutation)
	s.ints = append(s.ints[:0], 0)
	out := s.many(cgo.OpMixing, 2)
	return out[0], out[1]
}

// Unmixing is Mixing's inverse: it returns x [B,D] for z [B,D].
func (s *Scope) Unmixing(z, m, permutation Tensor) Tensor {
	s.with(cgo.OpMixing, z, m, permutation)
	s.ints = append(s.ints[:0], 1)
	return s.one(cgo.OpMixing)
}
