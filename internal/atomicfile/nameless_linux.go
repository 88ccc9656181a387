package atomicfile

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// createNameless creates a file in the folder that has no name.
func createNameless(folder string) (*os.File, error) {
	f, err := os.OpenFile(folder, os.O_RDWR|unix.O_TMPFILE, 0o666)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(procName(f)); err != nil { // without /proc it could never get one
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// link gives a nameless file a name that must be free.
func link(f *os.File, name string) error {
	err := unix.Linkat(unix.AT_FDCWD, procName(f), unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW)
	if err != nil {
		return &os.LinkError{Op: "link", Old: f.Name(), New: name, Err: err}
	}
	return nil
}

func procName(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }
