package trainer

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// maxConfigBytes is far more than a run's settings take, which grow with the columns of its data.
const maxConfigBytes = 64 << 20

// errTooLarge is in the error of a file that is longer than one of a run can be.
var errTooLarge = errors.New("this is no file of a run")

// readAtMost returns a file's content, which may not be longer than a limit in bytes: whatever the file is, and however it grows.
func readAtMost(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("%s: more than %d bytes: %w", path, limit, errTooLarge)
	}
	return content, nil
}
