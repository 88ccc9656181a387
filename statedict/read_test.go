package statedict_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/statedict"
)

// tensorProgram is what torch.save writes of {"w": tensor} with that storage, offset, sizes and strides.
func tensorProgram(storage, geometry string) string {
	return "\x80\x02}q\x00X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n" + storage +
		"\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQ" + geometry + "\x89ccollections\nOrderedDict\n)RtRs."
}

func TestReadTensor(t *testing.T) {
	for geometry, want := range map[string][]float64{
		"K\x00K\x02\x85K\x01\x85":           {1, 2},
		"K\x01K\x01\x85K\x01\x85":           {2},
		"K\x00K\x02K\x02\x86K\x00K\x01\x86": {1, 2, 1, 2},
		"K\x01))":                           {2},
		"K\x00K\x00\x85K\x01\x85":           {},
	} {
		d, err := statedict.Decode(archived(t, tensorProgram("FloatStorage", geometry)))
		require.NoError(t, err)
		assert.Equal(t, want, d["w"].Float64s())
	}
	d, err := statedict.Decode(archived(t, tensorProgram("BFloat16Storage", "K\x00K\x04\x85K\x01\x85")))
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1, 0, 2}, d["w"].Float64s())
	d, err = statedict.Decode(archived(t, tensorProgram("HalfStorage", "K\x01K\x01\x85K\x01\x85")))
	require.NoError(t, err)
	assert.Equal(t, []float64{1.875}, d["w"].Float64s())
}

func TestReadRefusesPrograms(t *testing.T) {
	for says, program := range map[string]string{
		`it names "os.system"`:                 "\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.",
		`it names "builtins.eval"`:             "\x80\x02cbuiltins\neval\nX\x01\x00\x00\x001\x85R.",
		"instruction 0x93 is none":             "\x80\x02X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93.",
		"instruction 0x69 is none":             "\x80\x02i",
		"protocol 5: want 2":                   "\x80\x05}.",
		"the program ends too early":           "\x80\x02}",
		"the stack is empty":                   "\x80\x02.",
		"there is no mark":                     "\x80\x02}u.",
		"value 7 was not kept":                 "\x80\x02h\x07.",
		"a call of statedict.global torch Flo": "\x80\x02ctorch\nFloatStorage\n)R.",
		"it holds no tensors":                  "\x80\x02}.",
		"save module.state_dict()":             "\x80\x02N.",
		"an integer of 9 bytes":                "\x80\x02\x8a\x09123456789.",
		"a storage is called":                  "\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x04\x00\x00\x00../0X\x03\x00\x00\x00cpuK\x02tQ.",
		"has no member \"data/1\"":             "\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x001X\x03\x00\x00\x00cpuK\x02tQ.",
		"no storage":                           "\x80\x02K\x01Q.",
		"reach beyond the storage of 2":        tensorProgram("FloatStorage", "K\x00K\x03\x85K\x01\x85"),
		"from element 2 reach beyond":          tensorProgram("FloatStorage", "K\x02K\x01\x85K\x01\x85"),
		"want neither negative nor huge":       tensorProgram("FloatStorage", "K\x00J\xff\xff\xff\xff\x85K\x01\x85"),
		"1 sizes and 2 strides":                tensorProgram("FloatStorage", "K\x00K\x01\x85K\x01K\x01\x86"),
		"want 268435456 elements at most":      tensorProgram("FloatStorage", "K\x00J\x00\x00\x00\x0fJ\x00\x00\x00\x0f\x86K\x00K\x00\x86"),
	} {
		_, err := statedict.Decode(archived(t, program))
		assert.ErrorContains(t, err, says)
	}
}

func TestReadRefusesArchives(t *testing.T) {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	f, err := w.Create("m/data.pkl") // compressed
	require.NoError(t, err)
	_, err = f.Write(make([]byte, 1<<16))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for says, content := range map[string][]byte{
		"is compressed":                    archive.Bytes(),
		"zip: not a valid zip file":        []byte("PK\x03\x04"),
		"as PyTorch before 1.6 wrote":      []byte("\x80\x02\x8a\n"),
		"neither an archive of torch.save": []byte("text"),
	} {
		_, err := statedict.Decode(content)
		assert.ErrorContains(t, err, says)
	}
	_, err = statedict.Read(t.TempDir() + "/none.pt")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

const savePickle = `
import json, sys, torch
torch.manual_seed(1)
d = {str(dtype): (100 * torch.randn(3, 4)).to(dtype) for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64)}
d["parameter"] = torch.nn.Parameter(torch.randn(2, 2).t())
d["scalar"] = torch.tensor(1.5)
torch.save(d, sys.argv[1])
print(json.dumps({name: t.double().flatten().tolist() for name, t in d.items()}))
`

func TestReadWhatThisPyTorchWrites(t *testing.T) {
	python := os.Getenv("CEI_PYTHON")
	if python == "" {
		python = "python3"
	}
	if output, err := exec.Command(python, "-c", "import torch").CombinedOutput(); err != nil {
		t.Skipf("needs Python with torch (CEI_PYTHON says which): %v: %.200s", err, output)
	}
	path := t.TempDir() + "/model.pt"
	output, err := exec.Command(python, "-c", savePickle, path).Output()
	require.NoError(t, err)
	var want map[string][]float64
	require.NoError(t, json.Unmarshal(output, &want))
	d, err := statedict.Read(path)
	require.NoError(t, err)
	require.Len(t, d, len(want))
	for name, values := range want {
		assert.Equal(t, values, d[name].Float64s(), name)
	}
}

func FuzzReadStateDict(f *testing.F) {
	for _, name := range []string{"torch1.pt", "torch2.pt"} {
		content, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(content, "")
	}
	f.Add([]byte{}, tensorProgram("FloatStorage", "K\x00K\x02\x85K\x01\x85"))
	f.Add([]byte{}, "\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.")
	f.Fuzz(func(t *testing.T, content []byte, program string) {
		if program != "" { // most changes of an archive are no archive
			content = archived(t, program)
		}
		d, err := statedict.Decode(content)
		if err != nil {
			return
		}
		for _, tensor := range d {
			size := int64(1)
			for _, n := range tensor.Shape {
				size *= n
			}
			if size <= 1<<16 {
				require.Len(t, tensor.Float64s(), int(size))
			}
		}
	})
}
