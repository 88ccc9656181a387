package table

import (
	"os"

	"golang.org/x/sys/unix"
)

// willNeed tells the system that a stretch of a file is read next, so that stretches
// of many columns come from the disk together, and nobody sleeps for each. It is no
// more than a hint.
func willNeed(f *os.File, offset, length int64) {
	_ = unix.Fadvise(int(f.Fd()), offset, length, unix.FADV_WILLNEED)
}
