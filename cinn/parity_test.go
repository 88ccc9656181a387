package cinn

import (
	"testing"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/internal/modeltest"
)

// TestParity holds the model against the same equations in Python's PyTorch: testdata/make_fixtures.py.
func TestParity(t *testing.T) {
	modeltest.Parity[Config, *Model]{
		New:      New,
		Fixtures: []string{"reference_3_2", "reference_9_9", "robust_3_2", "robust_9_9", "one_network_3_2"},
		Outputs: func(_ *testing.T, s *binding.Scope, m *Model, input modeltest.Input) map[string]binding.Tensor {
			x, y := input("x"), input("y")
			z, logDet := m.Forward(s, x, y)
			return map[string]binding.Tensor{"z": z, "log_det": logDet, "log_prob": m.LogProb(s, x, y)}
		},
		Loss: func(s *binding.Scope, m *Model, input modeltest.Input) nn.Loss {
			return m.Loss(s, input("x"), input("y"))
		},
	}.Run(t)
}
