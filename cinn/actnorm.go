package cinn

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// actNorm shifts and scales each coordinate by learned numbers, which first give it mean 0 and variance 1 over a batch
// (Kingma & Dhariwal 2018, Glow, arXiv:1807.03039, section 3.1).
type actNorm struct {
	shift    *nn.Param // [D]
	logScale *nn.Param // [D]
}

func newActNorm(layout *nn.Layout, number int, dim int64) *actNorm {
	return &actNorm{
		shift:    layout.Param(fmt.Sprintf("actnorm.%d.shift", number), nn.Constant(0), dim),
		logScale: layout.Param(fmt.Sprintf("actnorm.%d.log_scale", number), nn.Constant(0), dim),
	}
}

// forward returns z [B,D] and the log-determinant, a scalar.
func (a *actNorm) forward(s *binding.Scope, x binding.Tensor) (z, logDet binding.Tensor) {
	scale := a.logScale.Tensor()
	return s.Mul(s.Sub(x, a.shift.Tensor()), s.Exp(scale)), s.Sum(scale)
}

func (a *actNorm) inverse(s *binding.Scope, z binding.Tensor) binding.Tensor {
	return s.Add(s.Mul(z, s.Exp(s.Scale(a.logScale.Tensor(), -1))), a.shift.Tensor())
}

// leastVariance keeps the scale of a coordinate finite that does not vary in the batch.
const leastVariance = 1e-6

// start sets the numbers by a batch [B,D].
func (a *actNorm) start(s *binding.Scope, x binding.Tensor) {
	s.Copy(a.shift.Tensor(), s.Mean(x, 0))
	s.Copy(a.logScale.Tensor(), s.Scale(s.Log(s.Affine(s.Variance(x, 0), 1, leastVariance)), -0.5))
}
