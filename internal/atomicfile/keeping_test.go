package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/atomicfile"
)

// replace puts text at path and keeps what was there as previous.
func replace(path, previous, text string) error {
	f, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	return f.CommitKeeping(previous)
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		all[entry.Name()] = string(text)
	}
	return all
}

// The last two are there, and nothing else. Committing the same again, or where one was removed, is no exception.
func TestCommitKeeping(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	path, previous := filepath.Join(dir, "file"), filepath.Join(dir, "before")
	require.NoError(t, replace(path, previous, "1"))
	assert.Equal(t, map[string]string{"file": "1"}, contents(t, dir))
	for _, text := range []string{"2", "3", "3", "4"} {
		was := contents(t, dir)["file"]
		require.NoError(t, replace(path, previous, text))
		assert.Equal(t, map[string]string{"file": text, "before": was}, contents(t, dir))
	}
	require.NoError(t, os.Remove(path))
	require.NoError(t, replace(path, previous, "5"))
	assert.Equal(t, map[string]string{"file": "5", "before": "3"}, contents(t, dir))
}

// While a file is replaced, one of the two is whole whenever one looks, and the path is never without a file.
func TestCommitKeepingIsSeenWhole(t *testing.T) {
	dir := t.TempDir()
	path, previous := filepath.Join(dir, "file"), filepath.Join(dir, "before")
	require.NoError(t, replace(path, previous, "whole"))
	done := make(chan error)
	go func() {
		defer close(done)
		for range 200 {
			if err := replace(path, previous, "whole"); err != nil {
				done <- err
				return
			}
		}
	}()
	for looks := 0; ; looks++ {
		select {
		case err := <-done:
			require.NoError(t, err)
			t.Logf("looked %d times", looks)
			return
		default:
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, "whole", string(text))
	}
}

// Where the place of the one before is taken, nothing changes.
func TestCommitKeepingFails(t *testing.T) {
	dir := t.TempDir()
	path, previous := filepath.Join(dir, "file"), filepath.Join(dir, "before")
	require.NoError(t, replace(path, previous, "1"))
	require.NoError(t, os.MkdirAll(filepath.Join(previous, "full"), 0o700))
	err := replace(path, previous, "2")
	require.ErrorContains(t, err, "write "+path+": ")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "1", string(text))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestRemoveLeftovers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file.txt")
	for _, name := range []string{"file.txt", ".file.txt.0", ".file.txt.ffffffffffffffff", ".file.txt", ".file.txt.backup", ".other.txt.0"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	require.NoError(t, atomicfile.RemoveLeftovers(path))
	assert.Equal(t, map[string]string{"file.txt": "", ".file.txt": "", ".file.txt.backup": "", ".other.txt.0": ""}, contents(t, dir))
	require.NoError(t, atomicfile.RemoveLeftovers(filepath.Join(dir, "nowhere", "file.txt")))
}
