package atomicfile_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/atomicfile"
)

// only asserts that the folder holds one file with that content, and nothing temporary.
func only(t *testing.T, path, content string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "%v", entries)
	require.Equal(t, filepath.Base(path), entries[0].Name())
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, string(got))
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "deeper", "file.txt")
	require.NoError(t, atomicfile.Write(path, []byte("first, and long")))
	only(t, path, "first, and long")
	require.NoError(t, atomicfile.Write(path, []byte("second")))
	only(t, path, "second")
	require.NoError(t, atomicfile.Write(path, nil))
	only(t, path, "")
}

// A path without a folder is in the one that the program is in.
func TestWriteHere(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, atomicfile.Write("file.txt", []byte("here")))
	only(t, "./file.txt", "here")
}

func TestFailedFillLeavesTheFileAlone(t *testing.T) {
	broken := errors.New("broken")
	fill := func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, broken)
	}
	path := filepath.Join(t.TempDir(), "file.txt")
	require.ErrorIs(t, atomicfile.WriteWith(path, fill), broken)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Empty(t, entries)

	require.NoError(t, atomicfile.Write(path, []byte("whole")))
	require.ErrorIs(t, atomicfile.WriteWith(path, fill), broken)
	only(t, path, "whole")
}

// While it is being filled, the file is what it was: readers never see a part.
func TestNothingIsSeenBeforeTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.txt")
	require.NoError(t, atomicfile.Write(path, []byte("old")))
	require.NoError(t, atomicfile.WriteWith(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "new")
		seen, readErr := os.ReadFile(path)
		assert.Equal(t, "old", string(seen))
		return errors.Join(err, readErr)
	}))
	only(t, path, "new")
}

// Others may read what a program writes as far as the umask lets them.
func TestPermissions(t *testing.T) {
	for umask, want := range map[int]os.FileMode{0o022: 0o644, 0o077: 0o600, 0o002: 0o664} {
		before := syscall.Umask(umask)
		path := filepath.Join(t.TempDir(), "new", "file.txt")
		err := atomicfile.Write(path, []byte("x"))
		syscall.Umask(before)
		require.NoError(t, err)
		file, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, want, file.Mode().Perm(), "umask %o", umask)
		folder, err := os.Stat(filepath.Dir(path))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o777&^umask), folder.Mode().Perm(), "umask %o", umask)
	}
}

// What was private stays so when it is replaced.
func TestPermissionsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.txt")
	for _, mode := range []os.FileMode{0o600, 0o664, 0o400} {
		require.NoError(t, atomicfile.Write(path, []byte("old")))
		require.NoError(t, os.Chmod(path, mode))
		require.NoError(t, atomicfile.Write(path, []byte("new")))
		only(t, path, "new")
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, mode, info.Mode().Perm())
	}
}

// Errors of the file system name the path that was to be written, and leave nothing behind.
func TestErrorsNameThePath(t *testing.T) {
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "file"), filepath.Join(dir, "folder")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "full"), 0o700))
	for name, path := range map[string]string{
		"under a file":  filepath.Join(file, "new.txt"),
		"over a folder": filepath.Join(folder, "full"),
		"too long":      filepath.Join(folder, strings.Repeat("n", 300)),
		"no such place": "/proc/nowhere/new.txt",
	} {
		t.Run(name, func(t *testing.T) {
			err := atomicfile.Write(path, []byte("x"))
			require.ErrorContains(t, err, "write "+path+": ")
			var inPath *os.PathError
			var inLink *os.LinkError
			assert.True(t, errors.As(err, &inPath) || errors.As(err, &inLink), "the cause stays: %v", err)
		})
	}
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

// What Commit could not replace is refused before anything is written.
func TestTargetsAreCheckedFirst(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, dir + "/", filepath.Join(dir, strings.Repeat("n", 256))} {
		_, err := atomicfile.Create(path)
		require.ErrorContains(t, err, "write "+path+": ")
	}
}

// A name may be as long as the file system lets it.
func TestLongestName(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("é", 127)+"n")
	require.NoError(t, atomicfile.Write(path, []byte("whole")))
	only(t, path, "whole")
}

func TestUnwritableFolder(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o500))
	withoutRoot(t)
	path := filepath.Join(dir, "file.txt")
	err := atomicfile.Write(path, []byte("x"))
	require.ErrorIs(t, err, os.ErrPermission)
	assert.ErrorContains(t, err, path)
}

// withoutRoot takes root's power over files from the test's thread until the test ends.
func withoutRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	require.NoError(t, syscall.Setfsuid(nobody))
	t.Cleanup(func() {
		assert.NoError(t, syscall.Setfsuid(0))
		runtime.UnlockOSThread()
	})
}

// Of many writers at once the last wins, whole, and the others leave nothing.
func TestConcurrentWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "file.txt")
	text := func(writer int) string { return strings.Repeat(fmt.Sprintf("%02d", writer), 50_000) }
	var writers sync.WaitGroup
	for i := range 16 {
		writers.Add(1)
		go func() {
			defer writers.Done()
			assert.NoError(t, atomicfile.Write(path, []byte(text(i))))
		}()
	}
	writers.Wait()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	var writer int
	_, err = fmt.Sscanf(string(got[:2]), "%02d", &writer)
	require.NoError(t, err)
	only(t, path, text(writer))
}
