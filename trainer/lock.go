package trainer

import (
	"errors"
	"fmt"
	"os"
)

var errLocked = errors.New("another training is writing there")

// lockDir makes a directory, if needed, and keeps other trainings out of it until release is called, or the program ends
// in whatever way. It leaves no file behind. Where the file system knows no locks, there is none.
func lockDir(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("trainer: open run directory: %w", err)
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("trainer: open run directory: %w", err)
	}
	if err := lock(f); err != nil {
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("trainer: open run directory %s: %w", dir, err)
	}
	return func() { _ = f.Close() }, nil
}
