package cgo

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// LibraryVariable names the environment variable that says where the shim is: the file, or the folder that holds it.
const LibraryVariable = "CEI_TORCH_LIB"

const libraryName = "libceitorch.so"

// LoadError says why no shim could be used.
type LoadError struct {
	Tried []Attempt
}

// Attempt is one place where the shim was looked for, and why it could not be used.
type Attempt struct {
	Path   string
	Reason string
}

// Error lists what was tried, a line each, and how to get the library.
func (e *LoadError) Error() string {
	var b strings.Builder
	b.WriteString("the native library " + libraryName + " could not be loaded; tried:\n")
	for _, a := range e.Tried {
		fmt.Fprintf(&b, "  %s: %s\n", a.Path, a.Reason)
	}
	b.WriteString("Build it with scripts/setup in a checkout of github.com/gocei/gocei, or set " + LibraryVariable + " to its path.")
	return b.String()
}

// Library describes the shim in use.
type Library struct {
	Path          string // as it was opened
	ABI           int    // version of the C ABI
	TorchVersion  string // of the libtorch it was compiled against
	BuiltWithCUDA bool
	Entries       int // function pointers in its table
}

// Load opens the shim, once a process, and returns the same answer ever after.
func Load() (Library, error) { return loadOnce() }

var loadOnce = sync.OnceValues(load)

func load() (Library, error) {
	if err := limitSpinning(); err != nil {
		return Library{}, fmt.Errorf("say how threads wait: %w", err)
	}
	var failed LoadError
	for _, path := range candidates() {
		if filepath.IsAbs(path) {
			if _, err := os.Stat(path); err != nil {
				failed.Tried = append(failed.Tried, Attempt{path, "no such file"})
				continue
			}
		}
		lib, err := open(path)
		if err == nil {
			return lib, nil
		}
		failed.Tried = append(failed.Tried, Attempt{path, err.Error()})
	}
	return Library{}, &failed
}

// candidates returns the paths to try, in order. A path that the user named is the only one.
func candidates() []string {
	if named := os.Getenv(LibraryVariable); named != "" {
		return []string{namedPath(named)}
	}
	var paths []string
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		paths = append(paths, filepath.Join(filepath.Dir(exe), "..", "lib", libraryName))
	}
	if root, ok := sourceRoot(); ok {
		paths = append(paths, filepath.Join(root, "build", "lib", libraryName))
	}
	return slices.Compact(append(paths, libraryName)) // cei in build/bin finds the same twice
}

func namedPath(named string) string {
	if abs, err := filepath.Abs(named); err == nil {
		named = abs
	}
	if info, err := os.Stat(named); err == nil && info.IsDir() {
		return filepath.Join(named, libraryName)
	}
	return named
}

// sourceRoot returns the checkout that this package was compiled from, so that tests and go run find its build/lib.
// Binaries built with -trimpath have none.
func sourceRoot() (string, bool) {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return "", false
	}
	return filepath.Dir(filepath.Dir(file)), true
}
