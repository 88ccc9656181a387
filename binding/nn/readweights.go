package nn

import (
	"fmt"
	"os"
)

// maxFileBytes is the largest model in float64, with a header as long as the format allows.
const maxFileBytes = 8*MaxParameters + 100_000_000

// readWeights returns the content of a file of weights, which must have an end: a device or a pipe may have none.
func readWeights(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxFileBytes:
		return nil, fmt.Errorf("%s has %d bytes: want at most %d", path, info.Size(), int64(maxFileBytes))
	}
	return os.ReadFile(path)
}
