// Package atomicfile writes files that are there whole or not at all: under a temporary name in the same folder first,
// flushed to the disk, then renamed.
package atomicfile

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Write replaces the file at path by data, making its folder if needed. The error names the path.
func Write(path string, data []byte) error {
	return WriteWith(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteWith replaces the file at path by what fill writes, making its folder if needed. If fill fails, the file stays
// what it was. Errors of the file system name the path; fill's own comes back as it is.
func WriteWith(path string, fill func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	f, err := createTemporary(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // the first error is the one to report
			_ = os.Remove(f.Name())
		}
	}()
	if err := fill(f); err != nil {
		return err
	}
	for _, finish := range []func() error{f.Sync, f.Close} {
		if err := finish(); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// createTemporary creates a file beside path. Unlike os.CreateTemp's, others may read it as far as the umask lets them,
// as they may read any file that a program writes.
func createTemporary(path string) (*os.File, error) {
	name := fmt.Sprintf(".%s.%x", filepath.Base(path), rand.Uint64())
	return os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}
