package export_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nlpodyssey/safetensors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/export"
	"github.com/gocei/gocei/trainer"
)

func TestWriteWeightsHoldsTheRun(t *testing.T) {
	dir := subjects["autoencoder"].train(t)
	path := filepath.Join(t.TempDir(), "weights.safetensors")
	require.NoError(t, export.WriteWeights(dir, path))
	read := func(path string) (safetensors.SafeTensors, map[string]string) {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		file, err := safetensors.Deserialize(content)
		require.NoError(t, err)
		_, header, err := safetensors.ReadMetadata(content)
		require.NoError(t, err)
		return file, header.Metadata()
	}
	want, before := read(filepath.Join(dir, trainer.ModelFile))
	got, after := read(path)
	require.Equal(t, want.Len(), got.Len())
	for _, named := range want.Tensors() {
		tensor, ok := got.Tensor(named.Name)
		require.True(t, ok, named.Name)
		assert.Equal(t, named.TensorView, tensor)
	}
	config, err := os.ReadFile(filepath.Join(dir, trainer.ConfigFile))
	require.NoError(t, err)
	assert.Equal(t, string(config), after["run"])
	for key, value := range before {
		assert.Equal(t, value, after[key])
	}
}

// An ensemble is of no one function; its members are.
func TestAnEnsembleIsExportedByMembers(t *testing.T) {
	run, dir := subjects["affine couplings"].train(t), t.TempDir()
	for member := 1; member <= 2; member++ {
		require.NoError(t, os.CopyFS(trainer.MemberDir(dir, member), os.DirFS(run)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte(`{"format":1,"members":2,"finished":2}`), 0o600))
	_, err := export.Describe(dir, export.Sample)
	assert.ErrorContains(t, err, "export the members "+trainer.MemberDir(dir, 1))
	assert.ErrorContains(t, export.WriteWeights(dir, filepath.Join(t.TempDir(), "weights")), "export the members")
	_, err = export.Describe(trainer.MemberDir(dir, 2), export.Sample)
	assert.NoError(t, err)
}
