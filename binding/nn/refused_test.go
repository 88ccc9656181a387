package nn_test

import (
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// file puts a safetensors file together from its header and the number of bytes of data.
func file(header string, bytes int) []byte {
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(data, header...), make([]byte, bytes)...)
}

// headerOf returns the header of a file, and the number of bytes of its data.
func headerOf(data []byte) (string, int) {
	n := binary.LittleEndian.Uint64(data)
	return string(data[8 : 8+n]), len(data) - 8 - int(n)
}

func TestFilesThatDoNotFitAreRefusedAndChangeNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float32, 1))
	data := encode(t, m)
	header, size := headerOf(data)
	edit := func(from, to string) []byte {
		require.Contains(t, header, from)
		return file(strings.Replace(header, from, to, 1), size)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":          {nil, "nn: decode parameters: "},
		"text":             {[]byte("these are no weights, only words"), "nn: decode parameters: "},
		"no header":        {file("", 0), "nn: decode parameters: "},
		"a list":           {file("[]", 0), "nn: decode parameters: "},
		"cut in the head":  {data[:20], "nn: decode parameters: "},
		"cut at the end":   {data[:len(data)-1], "nn: decode parameters: "},
		"too long":         {append(append([]byte{}, data...), 0), "nn: decode parameters: "},
		"a huge header":    {binary.LittleEndian.AppendUint64(nil, 1<<63), "nn: decode parameters: "},
		"no tensors":       {file("{}", 0), "the file has 0 tensors, the model 6"},
		"another name":     {edit(`"offset"`, `"offzet"`), `the file has no tensor "offset"`},
		"another shape":    {edit(`[5,3]`, `[3,5]`), "nn: decode network.0.weight: the file has shape [3 5], the model [5 3]"},
		"another rank":     {edit(`[5,3]`, `[15]`), "the file has shape [15], the model [5 3]"},
		"integers":         {edit(`"F32"`, `"I32"`), "element type"},
		"overlapping":      {edit(`"data_offsets":[0,`, `"data_offsets":[4,`), "nn: decode parameters: "},
		"unknown type":     {edit(`"F32"`, `"F31"`), "nn: decode parameters: "},
		"a missing tensor": {encode(t, smaller(t)), "the file has 5 tensors, the model 6"},
	} {
		before := m.values(t)
		err := m.params.Decode(c.data)
		require.Error(t, err, name)
		assert.ErrorContains(t, err, c.want, name)
		assert.Equal(t, before, m.values(t), name)
	}
}

// smaller returns a model without the offset.
func smaller(t *testing.T) *model {
	var l nn.Layout
	m := &model{network: l.MLP("network", false, 3, 5, 2), scale: l.Buffer("scale", nn.Constant(2), 2)}
	var err error
	m.params, err = l.Allocate(architecture, on(binding.Float32, 5))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.params.Close()) })
	return m
}

func TestFilesThatCannotBeReadAreNamed(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, on(binding.Float32, 1))
	missing := filepath.Join(t.TempDir(), "missing.safetensors")
	err := m.params.Load(missing)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "nn: load parameters: ")
	_, err = nn.ReadArchitecture(missing)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "nn: read architecture: ")

	garbage := filepath.Join(t.TempDir(), "garbage.safetensors")
	require.NoError(t, os.WriteFile(garbage, []byte("garbage, and enough of it"), 0o644))
	assert.ErrorContains(t, m.params.Load(garbage), garbage)
	_, err = nn.ReadArchitecture(garbage)
	assert.ErrorContains(t, err, garbage)
}

func TestMetadataThatNamesNoModelIsRefused(t *testing.T) {
	for header, want := range map[string]string{
		`{}`:                               "names no model",
		`{"__metadata__":{"config":"{}"}}`: "names no model",
		`{"__metadata__":{"kind":""}}`:     "names no model",
		`{"__metadata__":{"kind":"cvae","config":"{\"a\":"}}`: "not JSON",
		`{"__metadata__":{"kind":1}}`:                         "nn: read architecture: ",
		`{"__metadata__":["kind"]}`:                           "nn: read architecture: ",
	} {
		path := filepath.Join(t.TempDir(), "model.safetensors")
		require.NoError(t, os.WriteFile(path, file(header, 0), 0o644))
		_, err := nn.ReadArchitecture(path)
		require.Error(t, err, header)
		assert.ErrorContains(t, err, want, header)
		assert.ErrorContains(t, err, path)
	}
}
