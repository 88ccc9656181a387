package tensorfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nlpodyssey/safetensors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func write(t *testing.T, metadata map[string]string) string {
	t.Helper()
	view, err := safetensors.NewTensorView(safetensors.U8, []uint64{2}, []byte{1, 2})
	require.NoError(t, err)
	data, err := safetensors.Serialize(map[string]safetensors.TensorView{"a": view}, metadata)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "a.safetensors")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func TestRead(t *testing.T) {
	tensors, metadata, err := Read(write(t, map[string]string{"key": "value"}))
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"key": "value"}, metadata)
	require.Len(t, tensors, 1)
	assert.Equal(t, []byte{1, 2}, tensors[0].TensorView.Data())
}

// Other programs write files without metadata, to which some may be added all the same.
func TestMetadataIsNeverNil(t *testing.T) {
	_, metadata, err := Read(write(t, nil))
	require.NoError(t, err)
	assert.NotNil(t, metadata)
	assert.Empty(t, metadata)
}

func TestReadRefuses(t *testing.T) {
	_, _, err := Read("/dev/null")
	assert.ErrorContains(t, err, "/dev/null is not a regular file")
	torn := filepath.Join(t.TempDir(), "torn.safetensors")
	require.NoError(t, os.WriteFile(torn, []byte{255, 0, 0, 0, 0, 0, 0, 0, '{'}, 0o600))
	_, _, err = Read(torn)
	assert.ErrorContains(t, err, torn)
	_, _, err = Read(torn + "nosuch")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
