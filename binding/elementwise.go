package binding

import "github.com/gocei/gocei/cgo"

// Add returns a+b, broadcast as in NumPy.
func (s *Scope) Add(a, b Tensor) Tensor { return s.apply(cgo.OpAdd, a, b) }

// Sub returns a-b, broadcast.
func (s *Scope) Sub(a, b Tensor) Tensor { return s.apply(cgo.OpSub, a, b) }

// Mul returns a*b element by element, broadcast.
func (s *Scope) Mul(a, b Tensor) Tensor { return s.apply(cgo.OpMul, a, b) }

// Div returns a/b element by element, broadcast.
func (s *Scope) Div(a, b Tensor) Tensor { return s.apply(cgo.OpDiv, a, b) }

// Affine returns scale*a + shift.
func (s *Scope) Affine(a Tensor, scale, shift float64) Tensor {
	s.with(cgo.OpAffine, a)
	s.ints = s.ints[:0]
	return s.one(cgo.OpAffine, scale, shift)
}

// Scale returns factor*a.
func (s *Scope) Scale(a Tensor, factor float64) Tensor { return s.Affine(a, factor, 0) }

// Clamp returns a with each element limited to [low, high].
func (s *Scope) Clamp(a Tensor, low, high float64) Tensor {
	s.with(cgo.OpClamp, a)
	s.ints = s.ints[:0]
	return s.one(cgo.OpClamp, low, high)
}

// Exp returns exp(a).
func (s *Scope) Exp(a Tensor) Tensor { return s.apply(cgo.OpExp, a) }

// Log returns the natural logarithm of a.
func (s *Scope) Log(a Tensor) Tensor { return s.apply(cgo.OpLog, a) }

// Sqrt returns the square root of a.
func (s *Scope) Sqrt(a Tensor) Tensor { return s.apply(cgo.OpSqrt, a) }

// Square returns a*a.
func (s *Scope) Square(a Tensor) Tensor { return s.apply(cgo.OpSquare, a) }

// Abs returns |a|.
func (s *Scope) Abs(a Tensor) Tensor { return s.apply(cgo.OpAbs, a) }

// Tanh returns the hyperbolic tangent of a.
func (s *Scope) Tanh(a Tensor) Tensor { return s.apply(cgo.OpTanh, a) }

// ELU returns a where it is positive, and exp(a)-1 elsewhere (Clevert et al. 2016, arXiv:1511.07289).
func (s *Scope) ELU(a Tensor) Tensor { return s.apply(cgo.OpELU, a) }
