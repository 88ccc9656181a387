package binding

import "github.com/gocei/gocei/cgo"

// MatMul returns the matrix product of a [...,n,k] and b [...,k,m]: [...,n,m].
func (s *Scope) MatMul(a, b Tensor) Tensor { return s.apply(cgo.OpMatmul, a, b) }

// Linear returns x·wᵀ + bias for x [B,in], w [out,in] and bias [out]: [B,out].
func (s *Scope) Linear(x, w, bias Tensor) Tensor { return s.apply(cgo.OpLinear, x, w, bias) }
