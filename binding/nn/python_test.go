package nn_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

const readInPython = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as f:
    tensors = {name: f.get_tensor(name) for name in f.keys()}
    print(json.dumps({
        "metadata": f.metadata(),
        "shapes": {name: list(t.shape) for name, t in tensors.items()},
        "values": {name: t.astype("float64").ravel().tolist() for name, t in tensors.items()},
    }))
`

func TestPythonReadsTheFile(t *testing.T) {
	if output, err := exec.Command("python3", "-c", "import numpy, safetensors").CombinedOutput(); err != nil {
		t.Skipf("python3 with the modules numpy and safetensors is needed: %v: %s", err, output)
	}
	bindingtest.NoLeak(t)
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		m := newModel(t, on(dtype, 1))
		path := filepath.Join(t.TempDir(), "model.safetensors")
		require.NoError(t, os.WriteFile(path, encode(t, m), 0o644))
		output, err := exec.Command("python3", "-c", readInPython, path).Output()
		require.NoError(t, err, "%s", output)
		var seen struct {
			Metadata map[string]string
			Shapes   map[string][]int64
			Values   map[string][]float64
		}
		require.NoError(t, json.Unmarshal(output, &seen))
		assert.Equal(t, map[string]string{"kind": "test", "config": `{"width":5}`}, seen.Metadata)
		all := append(append(m.params.List()[:0:0], m.params.List()...), m.params.Buffers()...)
		assert.Len(t, seen.Shapes, len(all))
		for _, q := range all {
			assert.Equal(t, q.Shape, seen.Shapes[q.Name], q.Name)
			assert.Equal(t, bindingtest.Values(t, q.Tensor()), seen.Values[q.Name], q.Name)
		}
	}
}
