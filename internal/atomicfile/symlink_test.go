package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/atomicfile"
)

// A link that somebody left under the name of a file is replaced, and what it points to is left alone.
func TestWriteReplacesLinks(t *testing.T) {
	outside, dir := filepath.Join(t.TempDir(), "precious"), t.TempDir()
	require.NoError(t, os.WriteFile(outside, []byte("mine"), 0o600))
	path := filepath.Join(dir, "model.safetensors")
	require.NoError(t, os.Symlink(outside, path))
	require.NoError(t, atomicfile.Write(path, []byte("new")))

	text, err := os.ReadFile(outside)
	require.NoError(t, err)
	require.Equal(t, "mine", string(text))
	info, err := os.Lstat(path)
	require.NoError(t, err)
	require.True(t, info.Mode().IsRegular())
}
