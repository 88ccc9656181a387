package nn_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

func addSeeds(f *testing.F) {
	whole := encode(f, newModel(f, on(binding.Float32, 1)))
	double := encode(f, newModel(f, on(binding.Float64, 1)))
	header, size := headerOf(whole)
	for _, data := range [][]byte{
		whole, double, whole[:len(whole)-1], whole[:9], nil, file(header, 0), file(header+" ", size), file("{}", 0), file("[]", 0),
		file(`{"__metadata__":{"kind":"k","config":"{}"}}`, 0), file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4),
		file(`{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}`, 0), file(`{"a":null}`, 0),
	} {
		f.Add(data)
	}
}

// Whatever the bytes, Decode either sets every value from them or changes none.
func FuzzDecode(f *testing.F) {
	addSeeds(f)
	m, other := newModel(f, on(binding.Float32, 1)), newModel(f, on(binding.Float32, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		live, _, err := binding.Live()
		require.NoError(t, err)
		before := encode(t, m)
		if m.params.Decode(data) != nil {
			assert.Equal(t, before, encode(t, m))
		} else {
			require.NoError(t, other.params.Decode(encode(t, m)))
			assert.Equal(t, encode(t, m), encode(t, other))
		}
		after, _, err := binding.Live()
		require.NoError(t, err)
		assert.Equal(t, live, after)
	})
}

// What ReadArchitecture accepts names a model and can be written again.
func FuzzReadArchitecture(f *testing.F) {
	addSeeds(f)
	path := filepath.Join(f.TempDir(), "model.safetensors")
	f.Fuzz(func(t *testing.T, data []byte) {
		require.NoError(t, os.WriteFile(path, data, 0o644))
		a, err := nn.ReadArchitecture(path)
		if err != nil {
			assert.ErrorContains(t, err, path)
			return
		}
		assert.NotEmpty(t, a.Kind)
		_, err = json.Marshal(a)
		assert.NoError(t, err)
	})
}
