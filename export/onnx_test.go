package export_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/export"
	"github.com/gocei/gocei/export/graph"
)

// written returns the path of a function's file.
func written(t *testing.T, f *export.Function, format export.Format) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model."+string(format))
	require.NoError(t, f.Write(path, format))
	return path
}

func TestONNXFileIsTheModel(t *testing.T) {
	for name, s := range subjects {
		t.Run(name, func(t *testing.T) {
			s.holds(t, s.train(t), func(f *export.Function, inputs map[string]graph.Array) graph.Array {
				content, err := os.ReadFile(written(t, f, export.ONNX))
				require.NoError(t, err)
				g, notes := decodeONNX(t, content)
				var read export.Notes
				require.NoError(t, json.Unmarshal([]byte(notes[export.NotesName]), &read))
				assert.Equal(t, f.Notes, read)
				out, err := g.Evaluate(inputs)
				require.NoError(t, err)
				return out
			})
		})
	}
}

const runONNX = `
import json, sys
import numpy, onnx, onnxruntime
onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
given = {name: numpy.array(a["Data"], dtype=numpy.float64).reshape(a["Shape"]) for name, a in json.load(open(sys.argv[2])).items()}
(out,) = session.run(None, given)
print(json.dumps({"Shape": out.shape, "Data": out.ravel().tolist()}))
`

func TestONNXRuntimeRunsIt(t *testing.T) {
	interpreter := python(t, "numpy, onnx, onnxruntime")
	for name, s := range subjects {
		t.Run(name, func(t *testing.T) {
			s.holds(t, s.train(t), func(f *export.Function, inputs map[string]graph.Array) graph.Array {
				return runPython(t, interpreter, runONNX, written(t, f, export.ONNX), inputs)
			})
		})
	}
}
