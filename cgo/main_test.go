package cgo

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// jobVariable makes this binary print what Load gives instead of running its tests: the shim is loaded once a process,
// so that another start needs another process.
const jobVariable = "CEI_TEST_LOAD"

func TestMain(m *testing.M) {
	if os.Getenv(jobVariable) != "" {
		lib, err := Load()
		fmt.Printf("%s\n%v\n", lib.Path, err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// loadInAnotherProcess returns the path that Load opened there, and its error.
func loadInAnotherProcess(t *testing.T, environment ...string) string {
	t.Helper()
	return loadIn(t, executable(t), environment...)
}

func executable(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	return self
}

// loadIn does the same with a copy of this binary that lies elsewhere.
func loadIn(t *testing.T, binary string, environment ...string) string {
	t.Helper()
	command := exec.Command(binary)
	command.Env = append(append(os.Environ(), jobVariable+"=1"), environment...)
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return string(output)
}

// library loads the shim, and asserts when the test ends that it left no handle behind.
func library(t *testing.T) Library {
	t.Helper()
	lib, err := Load()
	require.NoError(t, err)
	var e Error
	tensors, generators, status := Live(&e)
	require.Equal(t, OK, status)
	t.Cleanup(func() {
		tensorsNow, generatorsNow, status := Live(&e)
		assert.Equal(t, OK, status)
		assert.Equal(t, tensors, tensorsNow, "live tensors")
		assert.Equal(t, generators, generatorsNow, "live generators")
	})
	return lib
}

// vector returns a float64 tensor, released when the test ends.
func vector(t *testing.T, values ...float64) Tensor {
	t.Helper()
	var e Error
	x, status := FromHost(unsafe.Pointer(unsafe.SliceData(values)), Float64, []int64{int64(len(values))}, Float64, Device{}, &e)
	require.Equal(t, OK, status, e.String())
	t.Cleanup(func() { assert.Equal(t, OK, Release([]Tensor{x}, &e)) })
	return x
}

// generator returns a generator, released when the test ends.
func generator(t *testing.T) Generator {
	t.Helper()
	var e Error
	g, status := NewGenerator(Device{}, 1, &e)
	require.Equal(t, OK, status, e.String())
	t.Cleanup(func() { assert.Equal(t, OK, ReleaseGenerator(g, &e)) })
	return g
}
