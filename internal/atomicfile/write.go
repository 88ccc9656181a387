// Package atomicfile writes files that are there whole or not at all: without a name or under a temporary one in the same
// folder first, flushed to the disk, then renamed.
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
func WriteWith(path string, fill func(io.Writer) error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer f.Discard()
	if err := fill(f); err != nil {
		return err
	}
	return f.Commit()
}

// createTemporary creates a file beside path. Unlike os.CreateTemp's, others may read it as far as the umask lets them,
// as they may read any file that a program writes.
func createTemporary(path string) (*os.File, error) {
	return os.OpenFile(temporaryName(path), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
}

func temporaryName(path string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf("%s%x", temporaryPrefix(path), rand.Uint64()))
}

// temporaryPrefix starts like the file's name, cut short: longer than that, a file system may refuse it.
func temporaryPrefix(path string) string { return fmt.Sprintf(".%.32s.", filepath.Base(path)) }
