package binding

import "github.com/gocei/gocei/cgo"

// Spline says how a monotone rational-quadratic spline computes.
type Spline struct {
	Bins  int     // pieces, from 2 to 999
	Bound float64 // the spline maps [-Bound, Bound] to itself, and is the identity outside
}

// Width returns how many numbers each element's spline is made of: the bins' widths and heights and the slopes between
// them, each free to be any number. Zeros give the identity.
func (c Spline) Width() int64 { return 3*int64(c.Bins) - 1 }

// Spline transforms each element of x [B,d] by a spline of its own, which raw [B,d*Width] describes element after
// element. It returns y [B,d] and Σ log dy/dx over columns [B] (Durkan et al. 2019, arXiv:1906.04032).
func (s *Scope) Spline(c Spline, x, raw Tensor) (y, logDet Tensor) {
	s.with(cgo.OpSpline, x, raw)
	s.ints = append(s.ints[:0], int64(c.Bins), 0)
	out := s.many(cgo.OpSpline, 2, c.Bound)
	return out[0], out[1]
}

// Unspline is Spline's inverse: it returns x [B,d] for y [B,d].
func (s *Scope) Unspline(c Spline, y, raw Tensor) Tensor {
	s.with(cgo.OpSpline, y, raw)
	s.ints = append(s.ints[:0], int64(c.Bins), 1)
	return s.one(cgo.OpSpline, c.Bound)
}
