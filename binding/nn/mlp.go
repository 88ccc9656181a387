package nn

import "github.com/gocei/gocei/binding"

// MLP is a multilayer perceptron with ELU after every layer but the last.
type MLP struct {
	layers []*Param // weight and bias by turns
}

// Forward returns the output [B,out] for x [B,in].
func (m *MLP) Forward(s *binding.Scope, x binding.Tensor) binding.Tensor {
	return s.MLP(x, m.AppendTensors(nil))
}

// AppendTensors appends the weights and biases by turns, as fused operations take them.
func (m *MLP) AppendTensors(to []binding.Tensor) []binding.Tensor {
	for _, p := range m.layers {
		to = append(to, p.tensor)
	}
	return to
}
