package trainer

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// MomentumNoise is normal noise of a detector on each momentum that a model sees: of independent components p in the
// run's frame, with standard deviation √((Relative·p)² + Absolute²). Its zero value is none.
//
// The noise belongs to momenta that are in the frame already. In a laboratory frame that is noise on what was measured.
// In a frame that turns with the momenta it is noise on each component along the frame's own axes, which stay those of
// the momenta without noise. Components that the scaler leaves out, such as those that the sum of momenta gives, are not
// seen by the model, so that their noise is no matter.
//
// A model that is trained on rows with fresh noise in each step learns the posterior given noisy momenta, since each step
// sees another draw of the same joint distribution of positions and measured momenta (Cranmer, Brehmer & Louppe 2020,
// The frontier of simulation-based inference, PNAS 117, 30055, arXiv:1911.01429).
type MomentumNoise struct {
	Relative float64 `json:"relative,omitempty"`
	Absolute float64 `json:"absolute,omitempty"` // in the table's unit of momentum
}

func (n MomentumNoise) check() error {
	if !(n.Relative >= 0) || !(n.Absolute >= 0) || !finite(n.Relative) || !finite(n.Absolute) {
		return fmt.Errorf("trainer: check config: the momentum noise must be finite and not negative, got %g relative and %g absolute", n.Relative, n.Absolute)
	}
	return nil
}

// MomentumBlur adds a MomentumNoise to momenta that are in model coordinates. Its nil value adds nothing.
type MomentumBlur struct {
	noise            MomentumNoise
	toModel, toFrame binding.Tensor // [c,c], transposed
	mean             binding.Tensor // [c]
	dtype            binding.DType
}

// NewMomentumBlur returns the blur of momenta that the scaler brought into model coordinates, as tensors that owner
// keeps. It is nil for no noise.
func NewMomentumBlur(owner *binding.Scope, n MomentumNoise, scaler dataset.Scaler, dtype binding.DType, on binding.Device) (*MomentumBlur, error) {
	if n == (MomentumNoise{}) {
		return nil, nil
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	b := &MomentumBlur{
		noise:   n,
		toModel: owner.Transpose(upload(owner, scaler.Forward, dtype, on), 0, 1),
		toFrame: owner.Transpose(upload(owner, scaler.Inverse, dtype, on), 0, 1),
		mean:    owner.FromFloat64s(scaler.Mean, dtype, on, int64(len(scaler.Mean))),
		dtype:   dtype,
	}
	if err := owner.Err(); err != nil {
		return nil, fmt.Errorf("trainer: prepare momentum noise: %w", err)
	}
	return b, nil
}

// Add returns momenta [B,c] in model coordinates with noise from the scope's generator. The scaler is affine, so that
// noise on the frame's components goes through its matrix alone.
func (b *MomentumBlur) Add(s *binding.Scope, y binding.Tensor) binding.Tensor {
	if b == nil {
		return y
	}
	shape, err := s.Shape(y)
	if err != nil {
		return binding.Tensor{}
	}
	p := s.Add(s.MatMul(y, b.toFrame), b.mean)
	sd := s.Sqrt(s.Affine(s.Square(p), b.noise.Relative*b.noise.Relative, b.noise.Absolute*b.noise.Absolute))
	return s.Add(y, s.MatMul(s.Mul(sd, s.Normal(b.dtype, shape...)), b.toModel))
}
