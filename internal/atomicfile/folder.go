package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// makeFolder makes a folder that is not there, so that it is on the disk.
func makeFolder(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(folder))
}

// syncFolder returns when a folder's entries are on the disk. Some file systems do not offer it.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		if errors.Is(err, os.ErrPermission) { // a folder to write in that must not be listed
			return nil
		}
		return err
	}
	defer f.Close()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

// RemoveLeftovers removes what programs that were killed while they put a file at path have left beside it. Nobody may be
// writing that file.
func RemoveLeftovers(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if number, left := strings.CutPrefix(entry.Name(), temporaryPrefix(path)); !left || !isNumber(number) {
			continue
		}
		if err := os.Remove(filepath.Join(filepath.Dir(path), entry.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func isNumber(hexadecimal string) bool {
	_, err := strconv.ParseUint(hexadecimal, 16, 64)
	return err == nil
}
