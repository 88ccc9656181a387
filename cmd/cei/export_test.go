package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/nn"
)

func TestExport(t *testing.T) {
	dir, _ := trainedRun(t, "cinn")
	out := t.TempDir()
	a := succeed(t, "export", dir, "--out", filepath.Join(out, "model.onnx"))
	assert.Contains(t, a.out, "input  momenta float64 [batch,9]: momenta in the frame: px_C, py_C")
	assert.Contains(t, a.out, "output positions float64 [batch,9]: positions in the frame: x_C, y_C")
	assert.FileExists(t, filepath.Join(out, "model.onnx"))

	a = succeed(t, "export", dir, "--out", filepath.Join(out, "density.pt"), "--what", "log-density", "--json")
	notes := decoded(t, a.out)
	assert.Equal(t, "log_density", notes["output"].(map[string]any)["name"])
	archive, err := zip.OpenReader(filepath.Join(out, "density.pt"))
	require.NoError(t, err)
	require.NoError(t, archive.Close())

	path := filepath.Join(out, "weights")
	succeed(t, "export", dir, "--out", path, "--format", "safetensors")
	architecture, err := nn.ReadArchitecture(path)
	require.NoError(t, err)
	assert.Equal(t, "cinn", architecture.Kind)
}

func TestExportRefuses(t *testing.T) {
	dir, _ := trainedRun(t, "cvae")
	there := writeFile(t, "model.onnx", "text")
	for says, args := range map[string][]string{
		"--out is needed":                 {dir},
		"the ending of":                   {dir, "--out", "model.bin"},
		"--format must be torchscript":    {dir, "--out", "model", "--format", "pickle"},
		"--what must be sample":           {dir, "--out", "model.pt", "--what", "mean"},
		"--what is for functions":         {dir, "--out", "model.safetensors", "--what", "sample"},
		"is there already":                {dir, "--out", there},
		"estimate, not a function":        {dir, "--out", filepath.Join(t.TempDir(), "model.pt"), "--what", "log-density"},
		"give one run directory, got 0 a": {"--out", "model.onnx"},
	} {
		a := cei(t, append([]string{"export"}, args...)...)
		assert.NotZero(t, a.code)
		assert.Contains(t, a.err, says)
	}
	succeed(t, "export", dir, "--out", there, "--force")
	content, err := os.ReadFile(there)
	require.NoError(t, err)
	assert.NotEqual(t, "text", string(content))
}
