package cinn

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// TestParity holds the model against the same equations in Python's PyTorch: testdata/make_fixtures.py.
func TestParity(t *testing.T) {
	precisions := []struct {
		dtype           binding.DType
		exact, training float64
	}{
		{binding.Float64, 1e-10, 1e-8},
		{binding.Float32, 1e-5, 1e-4},
	}
	for _, name := range []string{"reference_3_2", "reference_9_9", "robust_3_2", "robust_9_9", "one_network_3_2"} {
		f := readFixture(t, name)
		for _, p := range precisions {
			t.Run(name+"/"+p.dtype.String(), func(t *testing.T) {
				holdNothing(t)
				m := f.model(t, p.dtype)
				f.compareOutputs(t, m, p.exact)
				f.compareLoss(t, m, p.exact)
				f.compareTraining(t, m, p.training)
			})
		}
	}
}

func (f fixture) compareOutputs(t *testing.T, m *Model, tolerance float64) {
	s := openScope(t, 0, binding.NoGrad())
	x, y := f.input(s, m, "x"), f.input(s, m, "y")
	z, logDet := m.Forward(s, x, y)
	assertClose(t, f.Outputs["z"].Data, values(t, s, z), tolerance, "z")
	assertClose(t, f.Outputs["log_det"].Data, values(t, s, logDet), tolerance, "log_det")
	assertClose(t, f.Outputs["log_prob"].Data, values(t, s, m.LogProb(s, x, y)), tolerance, "log_prob")
}

func (f fixture) compareLoss(t *testing.T, m *Model, tolerance float64) {
	s := openScope(t, 0)
	loss := m.Loss(s, f.input(s, m, "x"), f.input(s, m, "y"))
	assertClose(t, []float64{f.Loss["total"]}, values(t, s, loss.Total), tolerance, "loss")
	require.Len(t, loss.Terms, len(f.Loss)-1)
	for _, term := range loss.Terms {
		require.Contains(t, f.Loss, term.Name)
		assertClose(t, []float64{f.Loss[term.Name]}, values(t, s, term.Value), tolerance, term.Name)
	}
	require.NoError(t, s.Backward(loss.Total))
	for _, p := range m.Params().List() {
		assertClose(t, f.Gradients[p.Name].Data, values(t, s, s.Grad(p.Tensor())), tolerance, "gradient of "+p.Name)
	}
	s.Zero(m.Params().Gradient())
}

// compareTraining takes the batches in order, each again when all were seen, with a step of Adam after each.
func (f fixture) compareTraining(t *testing.T, m *Model, tolerance float64) {
	adam, err := optim.NewAdam(m.Params(), optim.DefaultAdam())
	require.NoError(t, err)
	defer adam.Close()
	var losses []float64
	rows := f.Inputs["x"].Shape[0]
	for step := range f.Training.Losses {
		s := openScope(t, 0)
		first := int64(step) * f.Training.Batch % rows
		part := func(name string) binding.Tensor { return s.Narrow(f.input(s, m, name), 0, first, f.Training.Batch) }
		loss := m.Loss(s, part("x"), part("y"))
		losses = append(losses, item(t, s, loss.Total))
		require.NoError(t, s.Backward(loss.Total))
		adam.Step(s, f.Training.LearningRate)
		require.NoError(t, s.Err())
	}
	assertClose(t, f.Training.Losses, losses, tolerance, "losses of a short training")
}

// fixture is what PyTorch computed.
type fixture struct {
	Config     Config
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

func readFixture(t *testing.T, name string) (f fixture) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &f))
	return f
}

// model returns a model with the fixture's weights, which are all that the model has.
func (f fixture) model(t *testing.T, dtype binding.DType) *Model {
	t.Helper()
	m := newModel(t, f.Config, dtype, 0)
	s := openScope(t, 0, binding.NoGrad())
	require.Len(t, m.Params().List(), len(f.Parameters))
	for _, p := range m.Params().List() {
		require.Contains(t, f.Parameters, p.Name)
		assert.Equal(t, f.Parameters[p.Name].Shape, p.Shape, p.Name)
		s.Copy(p.Tensor(), f.Parameters[p.Name].tensor(s, m.Params()))
	}
	require.NoError(t, s.Err())
	return m
}

func (f fixture) input(s *binding.Scope, m *Model, name string) binding.Tensor {
	return f.Inputs[name].tensor(s, m.Params())
}

func (a array) tensor(s *binding.Scope, like *nn.Params) binding.Tensor {
	return s.FromFloat64s(a.Data, like.DType(), like.Device(), a.Shape...)
}
