package cvae

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/internal/modeltest"
)

// TestParity holds the model against the same equations in Python's PyTorch: testdata/make_fixtures.py.
func TestParity(t *testing.T) {
	modeltest.Parity[Config, *Model]{
		New:      New,
		Fixtures: []string{"reference_3_2", "reference_9_9", "robust_3_2", "robust_9_9"},
		Outputs: func(t *testing.T, s *binding.Scope, m *Model, input modeltest.Input) map[string]binding.Tensor {
			x, y := input("x"), input("y")
			q := m.encode(s, x, y)
			require.NoError(t, m.Settle(t.Context(), s, x, y))
			return map[string]binding.Tensor{
				"mean":         q.mean,
				"log_variance": q.logVariance,
				"decoded":      m.Decode(s, q.draw(s, input("epsilon")), y),
				"round_trip":   m.RoundTrip(s, x, y),
				"latent_mean":  m.latentMean.Tensor(),
				"latent_sd":    m.latentSD.Tensor(),
			}
		},
		Loss: func(s *binding.Scope, m *Model, input modeltest.Input) nn.Loss {
			return m.lossWith(s, input("x"), input("y"), input("epsilon"))
		},
	}.Run(t)
}
