//go:build hdf5

package hdf5_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/cgo/hdf5"
)

func TestWriteAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.h5")
	f, err := hdf5.Create(path)
	require.NoError(t, err)
	matrix, err := f.CreateDataset("matrix", 2, 3)
	require.NoError(t, err)
	column, err := f.CreateDataset("column", 0, 1)
	require.NoError(t, err)
	require.NoError(t, matrix.Append([]float64{1, 2, 3, 4}))
	require.NoError(t, matrix.Append(nil))
	require.NoError(t, matrix.Append([]float64{5, 6, 7, 8}))
	require.NoError(t, column.Append([]float64{9}))
	require.NoError(t, matrix.SetTexts("names", []string{"é", "", "b"}))
	require.NoError(t, column.SetTexts("none", nil))
	require.NoError(t, f.SetText("long", strings.Repeat("x", 1<<20)))
	require.NoError(t, f.Close())

	f, err = hdf5.Open(path)
	require.NoError(t, err)
	defer f.Close()
	names, err := f.DatasetNames()
	require.NoError(t, err)
	assert.Equal(t, []string{"column", "matrix"}, names)
	names, err = f.AttributeNames()
	require.NoError(t, err)
	assert.Equal(t, []string{"long"}, names)
	text, there, err := f.Text("long")
	require.NoError(t, err)
	assert.True(t, there)
	assert.Equal(t, strings.Repeat("x", 1<<20), text)
	_, there, err = f.Text("none")
	require.NoError(t, err)
	assert.False(t, there)

	d, err := f.Dataset("matrix")
	require.NoError(t, err)
	assert.Equal(t, []uint64{4, 2}, d.Shape)
	assert.Equal(t, hdf5.Float64, d.Kind)
	names, err = d.Texts("names")
	require.NoError(t, err)
	assert.Equal(t, []string{"é", "", "b"}, names)
	numbers := make([]float64, 4)
	require.NoError(t, hdf5.Read(d, 1, numbers))
	assert.Equal(t, []float64{3, 4, 5, 6}, numbers)
	require.NoError(t, hdf5.Read(d, 4, numbers[:0]))
	assert.Error(t, hdf5.Read(d, 3, numbers), "rows after the last")
	assert.Error(t, hdf5.Read(d, 0, numbers[:3]), "half a row")
	assert.Error(t, hdf5.Read(d, 0, make([]int64, 4)), "another kind")

	d, err = f.Dataset("column")
	require.NoError(t, err)
	assert.Equal(t, []uint64{1}, d.Shape)
	names, err = d.Texts("none")
	require.NoError(t, err)
	assert.Equal(t, []string{}, names)
	names, err = d.Texts("absent")
	require.NoError(t, err)
	assert.Nil(t, names)
}

// Errors are a line with the library's own words, and come from the call that
// failed.
func TestErrors(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file.h5")
	_, err := hdf5.Open(path)
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = hdf5.Create(filepath.Join(folder, "none", "file.h5"))
	assert.Regexp(t, `^unable to (synchronously )?create file: `, err.Error())
	_, err = hdf5.Create("a\x00b")
	assert.ErrorContains(t, err, "zero byte")
	require.NoError(t, os.WriteFile(path, make([]byte, 5000), 0o600))
	_, err = hdf5.Open(path)
	assert.EqualError(t, err, "expected an HDF5 file, found none of its signatures")
	require.NoError(t, os.WriteFile(path, []byte("\x89HDF\r\n\x1a\nand nothing that makes sense"), 0o600))
	_, err = hdf5.Open(path)
	assert.Regexp(t, `^unable to (synchronously )?open file: `, err.Error())

	f, err := hdf5.Create(path)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Dataset("none")
	assert.ErrorContains(t, err, "object 'none' doesn't exist")
	_, err = f.CreateDataset("a", 0, 1)
	require.NoError(t, err)
	_, err = f.CreateDataset("a", 0, 1)
	assert.ErrorContains(t, err, "name already exists")
	assert.NotContains(t, err.Error(), "\n")
	assert.ErrorContains(t, f.SetText("key", "a\x00b"), "zero byte")
}

// A full disk is an error of that file, and of no other. The test limits the size
// of files instead, in a process of its own.
func TestFullDisk(t *testing.T) {
	if os.Getenv("CEI_TEST_FULL_DISK") == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
		command.Env = append(os.Environ(), "CEI_TEST_FULL_DISK=1")
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	folder, numbers := t.TempDir(), make([]float64, 600_000)
	for range 3 {
		full, err := hdf5.Create(filepath.Join(folder, "full.h5"))
		require.NoError(t, err)
		d, err := full.CreateDataset("x", 3, 1<<14)
		require.NoError(t, err)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 16, Max: limit.Max}))
		assert.ErrorContains(t, d.Append(numbers), "write data: ")
		assert.Error(t, full.Close())
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
		require.NoError(t, os.Remove(filepath.Join(folder, "full.h5")))

		other, err := hdf5.Create(filepath.Join(folder, "other.h5"))
		require.NoError(t, err)
		d, err = other.CreateDataset("x", 3, 1<<14)
		require.NoError(t, err)
		require.NoError(t, d.Append(numbers))
		require.NoError(t, other.Close())
	}
}

// The library serves one thread at a time; files may be used from many.
func TestManyGoroutines(t *testing.T) {
	folder := t.TempDir()
	var running sync.WaitGroup
	for i := range 8 {
		running.Add(1)
		go func() {
			defer running.Done()
			path := filepath.Join(folder, string(rune('a'+i)))
			f, err := hdf5.Create(path)
			if !assert.NoError(t, err) {
				return
			}
			d, err := f.CreateDataset("x", 0, 10)
			assert.NoError(t, err)
			for k := range 100 {
				assert.NoError(t, d.Append([]float64{float64(i), float64(k)}))
			}
			_, err = hdf5.Open(path + "none")
			assert.ErrorIs(t, err, os.ErrNotExist)
			_, err = f.Dataset("none")
			assert.ErrorContains(t, err, "doesn't exist")
			numbers := make([]float64, 200)
			assert.NoError(t, hdf5.Read(d, 0, numbers))
			assert.Equal(t, []float64{float64(i), 99}, numbers[198:])
			assert.NoError(t, f.Close())
		}()
	}
	running.Wait()
}
