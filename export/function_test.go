package export_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/export"
	"github.com/gocei/gocei/export/graph"
)

// tolerance is what rounding may make of numbers of order 1 to 10 on their way through a model.
func (s subject) tolerance() float64 {
	if s.dtype == binding.Float64 {
		return 1e-9
	}
	return 2e-4
}

// evaluator computes a function in some way.
type evaluator func(f *export.Function, inputs map[string]graph.Array) graph.Array

// holds asserts that a function's evaluation gives what the model and package posterior do.
func (s subject) holds(t *testing.T, dir string, evaluate evaluator) {
	t.Helper()
	sample, density := expected(t, dir, s.events(t))
	f, err := export.Describe(dir, export.Sample)
	require.NoError(t, err)
	assert.InDeltaSlice(t, sample.output, evaluate(f, sample.inputs).Data, s.tolerance())
	if s.flow != nil {
		f, err := export.Describe(dir, export.LogDensity)
		require.NoError(t, err)
		assert.InDeltaSlice(t, density.output, evaluate(f, density.inputs).Data, 10*s.tolerance())
	}
}

func TestDescribeIsTheModel(t *testing.T) {
	for name, s := range subjects {
		t.Run(name, func(t *testing.T) {
			bindingtest.NoLeak(t)
			s.holds(t, s.train(t), func(f *export.Function, inputs map[string]graph.Array) graph.Array {
				out, err := f.Graph.Evaluate(inputs)
				require.NoError(t, err)
				return out
			})
		})
	}
}

func TestDecodeIsSampleWithoutNoise(t *testing.T) {
	s := subjects["autoencoder of bounded targets"]
	dir := s.train(t)
	sample, err := export.Describe(dir, export.Sample)
	require.NoError(t, err)
	decode, err := export.Describe(dir, export.Decode)
	require.NoError(t, err)
	conditions := graph.Array{Shape: []int{1, 2}, Data: []float64{0.3, -0.2}}
	z := []float64{0.7, -1.1}
	drawn, err := sample.Graph.Evaluate(map[string]graph.Array{"conditions": conditions, "z": {Shape: []int{1, 2}, Data: z}, "noise": {Shape: []int{1, 2}, Data: []float64{0, 0}}})
	require.NoError(t, err)
	latent := make([]float64, 2)
	for i := range latent {
		latent[i] = decode.Notes.Latent.Mean[i] + decode.Notes.Latent.SD[i]*z[i]
	}
	decoded, err := decode.Graph.Evaluate(map[string]graph.Array{"conditions": conditions, "latent": {Shape: []int{1, 2}, Data: latent}})
	require.NoError(t, err)
	assert.InDeltaSlice(t, drawn.Data, decoded.Data, 1e-6)
	assert.Equal(t, 5.0, decoded.Data[0], "the column that never changes")
}

func TestDescribeRefuses(t *testing.T) {
	dir := subjects["autoencoder"].train(t)
	flow := subjects["affine couplings"].train(t)
	for says, describe := range map[string]func() error{
		"estimate, not a function": func() error { _, err := export.Describe(dir, export.LogDensity); return err },
		"a cINN has no decoder":    func() error { _, err := export.Describe(flow, export.Decode); return err },
		"no function \"mean\"":     func() error { _, err := export.Describe(flow, "mean"); return err },
		"a run directory?":         func() error { _, err := export.Describe(t.TempDir(), export.Sample); return err },
		"it has no tensor \"coupling.0.scale.0.weight\"": func() error {
			weights, err := os.ReadFile(filepath.Join(dir, "model.safetensors"))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(flow, "model.safetensors"), weights, 0o600))
			_, err = export.Describe(flow, export.Sample)
			return err
		},
	} {
		assert.ErrorContains(t, describe(), says)
	}
}
