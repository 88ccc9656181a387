package binding

import (
	"os"
	"runtime"
	"sync"

	"github.com/gocei/gocei/cgo"
)

// Library describes the native library in use.
type Library struct {
	Path          string // file that was opened
	TorchVersion  string // libtorch that it was compiled against
	BuiltWithCUDA bool   // whether that libtorch has CUDA
}

// Load opens the native library and describes it. Calling it is not needed; it is how a program finds out early.
// The error is of kind ErrLibrary and says what was tried and how to get the library.
func Load() (Library, error) { return loadOnce() }

var loadOnce = sync.OnceValues(load)

func load() (Library, error) {
	lib, err := cgo.Load()
	if err != nil {
		return Library{}, &Error{Op: "load", Kind: ErrLibrary, Msg: err.Error()}
	}
	if err := settleThreads(); err != nil {
		return Library{}, err
	}
	return Library{Path: lib.Path, TorchVersion: lib.TorchVersion, BuiltWithCUDA: lib.BuiltWithCUDA}, nil
}

// settleThreads sizes the thread pool: libtorch's own default differs between its builds. OpenMP's variable, where it
// is set, is the user's word, but the pool of the BLAS must be silenced all the same.
func settleThreads() error {
	var native cgo.Error
	threads, status := runtime.GOMAXPROCS(0), cgo.OK
	if os.Getenv("OMP_NUM_THREADS") != "" {
		threads, status = cgo.Threads(&native)
	}
	if status == cgo.OK {
		status = cgo.SetThreads(threads, &native)
	}
	return check("set threads", status, &native)
}

// Live returns how many native tensors and generators are held. A test that closes all it made finds the numbers that
// it started from.
func Live() (tensors, generators int, err error) {
	if _, err := Load(); err != nil {
		return 0, 0, err
	}
	var native cgo.Error
	tensors, generators, status := cgo.Live(&native)
	return tensors, generators, check("live", status, &native)
}
