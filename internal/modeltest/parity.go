package modeltest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// Input returns an input of a fixture by its name, or a batch of it.
type Input func(name string) binding.Tensor

// Parity is how a family's models are held against the same equations in Python's PyTorch.
type Parity[C any, M Model] struct {
	New      Build[C, M]
	Fixtures []string // in testdata, without .json
	// Outputs returns all of a fixture's outputs by their names.
	Outputs func(t *testing.T, s *binding.Scope, m M, input Input) map[string]binding.Tensor
	// Loss is the model's, with random numbers from the fixture.
	Loss func(s *binding.Scope, m M, input Input) nn.Loss
}

// Run runs a subtest for each fixture and precision.
func (p Parity[C, M]) Run(t *testing.T) {
	precisions := []struct {
		dtype           binding.DType
		exact, training float64
	}{
		{binding.Float64, 1e-10, 1e-8},
		{binding.Float32, 1e-5, 1e-4},
	}
	for _, name := range p.Fixtures {
		f := readFixture[C](t, name)
		for _, precision := range precisions {
			t.Run(name+"/"+precision.dtype.String(), func(t *testing.T) {
				bindingtest.NoLeak(t)
				m := New(t, p.New, f.Config, precision.dtype, 0)
				f.setParameters(t, m.Params())
				p.compareOutputs(t, f, m, precision.exact)
				p.compareLoss(t, f, m, precision.exact)
				p.compareTraining(t, f, m, precision.training)
			})
		}
	}
}

func (p Parity[C, M]) compareOutputs(t *testing.T, f fixture[C], m M, tolerance float64) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	outputs := p.Outputs(t, s, m, f.input(s, m.Params()))
	require.Len(t, outputs, len(f.Outputs))
	for name, got := range outputs {
		AssertClose(t, f.Outputs[name].Data, bindingtest.Float64s(t, s, got), tolerance, name)
	}
}

func (p Parity[C, M]) compareLoss(t *testing.T, f fixture[C], m M, tolerance float64) {
	s := bindingtest.OpenSeeded(t, 0)
	loss := p.Loss(s, m, f.input(s, m.Params()))
	AssertClose(t, []float64{f.Loss["total"]}, bindingtest.Float64s(t, s, loss.Total), tolerance, "loss")
	require.Len(t, loss.Terms, len(f.Loss)-1)
	for _, term := range loss.Terms {
		require.Contains(t, f.Loss, term.Name)
		AssertClose(t, []float64{f.Loss[term.Name]}, bindingtest.Float64s(t, s, term.Value), tolerance, term.Name)
	}
	require.NoError(t, s.Backward(loss.Total))
	for _, q := range m.Params().List() {
		AssertClose(t, f.Gradients[q.Name].Data, bindingtest.Float64s(t, s, s.Grad(q.Tensor())), tolerance, "gradient of "+q.Name)
	}
	s.Zero(m.Params().Gradient())
}

// compareTraining takes the batches in order, each again when all were seen, with a step of Adam after each.
func (p Parity[C, M]) compareTraining(t *testing.T, f fixture[C], m M, tolerance float64) {
	adam, err := optim.NewAdam(m.Params(), optim.DefaultAdam())
	require.NoError(t, err)
	defer adam.Close()
	var losses []float64
	rows := f.Inputs["x"].Shape[0]
	for step := range f.Training.Losses {
		s := bindingtest.OpenSeeded(t, 0)
		all, first := f.input(s, m.Params()), int64(step)*f.Training.Batch%rows
		loss := p.Loss(s, m, func(name string) binding.Tensor { return s.Narrow(all(name), 0, first, f.Training.Batch) })
		losses = append(losses, bindingtest.Item(t, s, loss.Total))
		require.NoError(t, s.Backward(loss.Total))
		adam.Step(s, f.Training.LearningRate)
		require.NoError(t, s.Err())
	}
	AssertClose(t, f.Training.Losses, losses, tolerance, "losses of a short training")
}
