package binding

import "github.com/gocei/gocei/cgo"

// Backward accumulates the gradients of a scalar in the leaves that it depends on.
func (s *Scope) Backward(loss Tensor) error {
	s.command(cgo.OpBackward, loss)
	return s.err
}

// Gradient returns d(Σ output)/d(input) for each input, zeros where output does not depend on it, and keeps the graph.
func (s *Scope) Gradient(output Tensor, inputs ...Tensor) []Tensor {
	s.with(cgo.OpGradient, output)
	s.and(cgo.OpGradient, inputs...)
	s.ints = s.ints[:0]
	return s.many(cgo.OpGradient, len(inputs))
}

// RequireGrad makes a leaf one whose gradient Backward accumulates.
func (s *Scope) RequireGrad(leaf Tensor) {
	s.with(cgo.OpRequireGrad, leaf)
	s.ints = append(s.ints[:0], 1)
	s.run(cgo.OpRequireGrad)
}

// Grad returns the gradient accumulated in a leaf: zeros if none yet.
func (s *Scope) Grad(leaf Tensor) Tensor { return s.apply(cgo.OpGrad, leaf) }

// Parameters returns leaves that are views of flat [n], in the order of shapes, one after another from its start, with
// gradients that are views of gradient [n]. An optimiser's step is then one pass over two arrays.
func (s *Scope) Parameters(flat, gradient Tensor, shapes ...[]int64) []Tensor {
	s.with(cgo.OpParameters, flat, gradient)
	s.ints = s.ints[:0]
	offset := int64(0)
	for _, shape := range shapes {
		n, _ := elements(shape)
		s.ints = append(append(s.ints, offset, int64(len(shape))), shape...)
		offset += n
	}
	return s.many(cgo.OpParameters, len(shapes))
}

// many does an operation with n results, and returns n zero Tensors if it fails.
func (s *Scope) many(op cgo.Op, n int, floats ...float64) []Tensor {
	s.room(n)
	results := make([]Tensor, n)
	for i := range s.run(op, floats...) {
		results[i] = s.adopt(s.out[i])
	}
	return results
}
