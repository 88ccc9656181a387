package binding_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

func TestLoadDescribesTheLibrary(t *testing.T) {
	lib, err := binding.Load()
	require.NoError(t, err)
	assert.FileExists(t, lib.Path)
	assert.Regexp(t, `^\d+\.\d+\.\d+`, lib.TorchVersion)
	again, err := binding.Load()
	require.NoError(t, err)
	assert.Equal(t, lib, again)
}

// useEverything prints the error of every way into the package, one after another.
func useEverything() {
	s := binding.NewScope()
	report := func(what string, err error) {
		kind, _, _ := strings.Cut(fmt.Sprint(err), "\n")
		fmt.Printf("%s: %t %s\n", what, errors.Is(err, binding.ErrLibrary), kind)
	}
	_, err := binding.Load()
	report("load", err)
	fmt.Println(err)
	report("scope", s.Err())
	_, err = s.Item(s.Exp(s.Zeros(binding.Float32, binding.CPU, 1)))
	report("item", err)
	report("reset", s.Reset())
	report("scope after reset", s.Err())
	report("close", errors.Join(s.Close(), s.Err()))
	_, err = binding.NewGenerator(binding.CPU, 1)
	report("generator", err)
	_, err = binding.CUDADevices()
	report("devices", err)
	_, err = binding.ParseDevice("auto")
	report("parse", err)
	report("synchronize", binding.CPU.Synchronize())
	report("set threads", binding.SetThreads(1))
	_, err = binding.Threads()
	report("threads", err)
	_, err = binding.ParallelInfo()
	report("info", err)
	_, _, err = binding.Live()
	report("live", err)
}

func TestWithoutTheLibraryEverythingSaysSo(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nowhere", "libceitorch.so")
	output := runJob(t, "use everything", cgo.LibraryVariable+"="+missing)
	for _, needed := range []string{missing + ": no such file", "scripts/setup", cgo.LibraryVariable} {
		assert.Contains(t, output, needed)
	}
	for _, way := range []string{"load", "scope", "item", "reset", "scope after reset", "close", "generator", "devices", "parse", "synchronize", "set threads", "threads", "info", "live"} {
		assert.Contains(t, "\n"+output, "\n"+way+": true binding: load: the native library libceitorch.so could not be loaded", way)
	}
}

// With OpenMP's variable set, it rules the pool; without, the processors that Go uses do.
func TestThreadsAtTheStart(t *testing.T) {
	assert.Equal(t, "1\n", runJob(t, "print threads", "OMP_NUM_THREADS=1", "GOMAXPROCS=2")) // MKL takes no more than there are processors
	assert.Equal(t, "2\n", runJob(t, "print threads", "GOMAXPROCS=2"))
}

func printThreads() {
	n, err := binding.Threads()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n)
}
