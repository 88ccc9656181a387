package modeltest

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// fixture is what PyTorch computed with a configuration.
type fixture[C any] struct {
	Config     C
	Parameters map[string]array
	Inputs     map[string]array
	Outputs    map[string]array
	Loss       map[string]float64 // total, and the terms
	Gradients  map[string]array
	Training   struct {
		LearningRate float64 `json:"learning_rate"`
		Batch        int64
		Losses       []float64
	}
}

type array struct {
	Shape []int64
	Data  []float64
}

func readFixture[C any](t *testing.T, name string) (f fixture[C]) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &f), name)
	return f
}

// setParameters gives a model the fixture's weights, which must be all that it learns.
func (f fixture[C]) setParameters(t *testing.T, p *nn.Params) {
	t.Helper()
	weights := map[string][]float64{}
	for _, q := range p.List() {
		assert.Equal(t, f.Parameters[q.Name].Shape, q.Shape, q.Name)
	}
	for name, a := range f.Parameters {
		weights[name] = a.Data
	}
	SetAll(t, p, weights)
}

func (f fixture[C]) input(s *binding.Scope, like *nn.Params) Input {
	return func(name string) binding.Tensor {
		a := f.Inputs[name]
		return s.FromFloat64s(a.Data, like.DType(), like.Device(), a.Shape...)
	}
}
