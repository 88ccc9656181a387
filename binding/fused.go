package binding

import "github.com/gocei/gocei/cgo"

// MLP returns a multilayer perceptron's output for x [B,in]: x·wᵀ+b layer by layer, with ELU after every layer but the
// last. layers holds weight [out,in] and bias [out] by turns.
func (s *Scope) MLP(x Tensor, layers []Tensor) Tensor {
	s.with(cgo.OpMLP, x)
	s.and(cgo.OpMLP, layers...)
	s.ints = s.ints[:0]
	return s.one(cgo.OpMLP)
}

// Coupling says how an affine coupling computes.
type Coupling struct {
	Networks int     // 2: one for the scale and one for the translation; 1: one for both, scale first
	Flip     bool    // reverse the columns afterwards
	Clamp    float64 // bound c of the scale's logarithm, as c·tanh(s/c); 0 leaves it free
}

// Coupling transforms x [B,D], D ≥ 2, under the condition y [B,C]. The first D/2 columns (rounded down) pass; the others
// become x2·exp(s) + t with s, t = networks([x1, y]). It returns z [B,D] and log|det ∂z/∂x| [B]. networks holds weight
// and bias by turns, of the first network and then of the second (Dinh et al. 2017, arXiv:1605.08803).
func (s *Scope) Coupling(c Coupling, x, y Tensor, networks []Tensor) (z, logDet Tensor) {
	s.coupling(cgo.OpCoupling, c, x, y, networks)
	out := s.many(cgo.OpCoupling, 2, c.Clamp)
	return out[0], out[1]
}

// Uncoupling is Coupling's inverse: it returns x [B,D] for z [B,D].
func (s *Scope) Uncoupling(c Coupling, z, y Tensor, networks []Tensor) Tensor {
	s.coupling(cgo.OpUncoupling, c, z, y, networks)
	return s.one(cgo.OpUncoupling, c.Clamp)
}

func (s *Scope) coupling(op cgo.Op, c Coupling, x, y Tensor, networks []Tensor) {
	s.with(op, x, y)
	s.and(op, networks...)
	s.ints = append(s.ints[:0], int64(c.Networks), number(c.Flip))
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// AdamStep is one step of Adam, or with Decoupled of AdamW.
type AdamStep struct {
	Step                 int64 // counted from 1
	Rate                 float64
	Beta1, Beta2         float64
	Epsilon, WeightDecay float64
	Decoupled            bool    // weight decay acts on the parameters, not through the gradient
	ClipNorm             float64 // bound of the gradient's Euclidean norm; 0 leaves it free

	Average      Tensor  // [n], the parameters' running mean, which goes its way to them by a share; none where zero
	AverageShare float64 // from 0 to 1
}

// Adam changes parameters and moments [n] in place, fills gradient with zeros, and returns the norm that it had.
func (s *Scope) Adam(a AdamStep, parameters, gradient, mean, square Tensor) Tensor {
	s.with(cgo.OpAdam, parameters, gradient, mean, square)
	if a.Average != (Tensor{}) {
		s.and(cgo.OpAdam, a.Average)
	}
	s.ints = append(s.ints[:0], a.Step, number(a.Decoupled))
	return s.one(cgo.OpAdam, a.Rate, a.Beta1, a.Beta2, a.Epsilon, a.WeightDecay, a.ClipNorm, a.AverageShare)
}

// AdamOnDevice is Adam with the step's number and the learning rate in numbers [2], a Float64 tensor on the device of the
// other ones. Those of a are passed over. No number of the step comes from Go, so that a Graph can replay it.
func (s *Scope) AdamOnDevice(a AdamStep, numbers, parameters, gradient, mean, square Tensor) Tensor {
	s.with(cgo.OpAdamDevice, parameters, gradient, mean, square, numbers)
	s.ints = append(s.ints[:0], number(a.Decoupled))
	return s.one(cgo.OpAdamDevice, a.Beta1, a.Beta2, a.Epsilon, a.WeightDecay, a.ClipNorm)
}
