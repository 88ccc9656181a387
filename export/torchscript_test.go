package export_test

import (
	"archive/zip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/export"
	"github.com/gocei/gocei/export/graph"
)

// An archive has each tensor in a file of its own, data/0 and so on in the order in which they were registered, the code
// that libtorch compiled, and the notes.
func TestTorchScriptArchiveHoldsTheConstants(t *testing.T) {
	for _, name := range []string{"affine couplings with everything", "splines with everything", "autoencoder with everything"} {
		t.Run(name, func(t *testing.T) {
			f, err := export.Describe(subjects[name].train(t), export.Sample)
			require.NoError(t, err)
			files := unzipped(t, written(t, f, export.TorchScript))
			constants := f.Graph.Constants()
			for i, v := range constants {
				assert.Equal(t, rawTensor(v), files[fmt.Sprintf("archive/data/%d", i)], v.Name)
			}
			assert.NotContains(t, files, fmt.Sprintf("archive/data/%d", len(constants)))
			var notes export.Notes
			require.NoError(t, json.Unmarshal(files["archive/extra/"+export.NotesName], &notes))
			assert.Equal(t, f.Notes, notes)
			code := ""
			for path, content := range files {
				if strings.HasSuffix(path, ".py") {
					code += string(content)
				}
			}
			assert.Contains(t, code, "def forward(self")
			for _, v := range constants {
				assert.Contains(t, code, "self."+strings.ReplaceAll(v.Name, ".", "_"))
			}
		})
	}
}

func unzipped(t *testing.T, path string) map[string][]byte {
	t.Helper()
	archive, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer archive.Close()
	files := map[string][]byte{}
	for _, file := range archive.File {
		r, err := file.Open()
		require.NoError(t, err)
		files[file.Name], err = io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
	return files
}

func rawTensor(v *graph.Value) []byte {
	raw := []byte{}
	for _, x := range v.Data {
		switch v.DType {
		case graph.Float32:
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(x)))
		case graph.Int64:
			raw = binary.LittleEndian.AppendUint64(raw, uint64(int64(x)))
		default:
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(x))
		}
	}
	return raw
}

const runTorchScript = `
import json, sys
import torch
notes = {"cei.json": ""}
module = torch.jit.load(sys.argv[1], _extra_files=notes)
given = {name: torch.tensor(a["Data"], dtype=torch.float64).reshape(a["Shape"]) for name, a in json.load(open(sys.argv[2])).items()}
out = module(*[given[a["name"]] for a in json.loads(notes["cei.json"])["inputs"]])
print(json.dumps({"Shape": list(out.shape), "Data": out.ravel().tolist()}))
`

func TestPyTorchRunsIt(t *testing.T) {
	interpreter := python(t, "torch")
	for name, s := range subjects {
		t.Run(name, func(t *testing.T) {
			s.holds(t, s.train(t), func(f *export.Function, inputs map[string]graph.Array) graph.Array {
				return runPython(t, interpreter, runTorchScript, written(t, f, export.TorchScript), inputs)
			})
		})
	}
}

func TestWriteRefuses(t *testing.T) {
	f, err := export.Describe(subjects["affine couplings"].train(t), export.Sample)
	require.NoError(t, err)
	assert.ErrorContains(t, f.Write(t.TempDir()+"/model", "pickle"), `"pickle" is no format of a function`)
	folder := t.TempDir()
	for _, format := range []export.Format{export.ONNX, export.TorchScript} {
		assert.ErrorContains(t, f.Write(folder, format), "is a directory")
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}
