package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// File is a file that is being written and is not to be seen under its name yet. It can be read and written anywhere.
type File struct {
	*os.File
	path  string
	named bool // it has a temporary name, which must go
	done  bool
}

// Create starts the file that shall be at path, making its folder if needed. Where the file system can (Linux's
// O_TMPFILE), the file has no name until Commit, so that not even a killed program leaves anything behind. A path that
// Commit could not use, such as a folder's or one too long, is an error.
func Create(path string) (*File, error) {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	if err := checkTarget(path); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	f, err := createNameless(filepath.Dir(path))
	named := err != nil
	if named {
		f, err = createTemporary(path)
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return &File{File: f, path: path, named: named}, nil
}

func checkTarget(path string) error {
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return &fs.PathError{Op: "create", Path: path, Err: syscall.EISDIR}
	}
	return nil
}

// Path returns where the file will be.
func (f *File) Path() string { return f.path }

// Commit flushes the file to the disk, puts it at its path in place of what is there, and closes it. If it fails, the
// path holds what it held, unless all that failed was to make sure that the folder's entry is on the disk too.
func (f *File) Commit() error { return f.commitBy(func() error { return nil }) }

// CommitKeeping is Commit, and what was at the path before is then at the path previous, which is in the same folder, in
// place of what was there. At every moment one of the two paths holds a whole file; where the file system knows hard
// links, the path itself does.
func (f *File) CommitKeeping(previous string) error {
	return f.commitBy(func() error { return keep(f.path, previous) })
}

func (f *File) commitBy(makeWay func() error) error {
	defer f.Discard()
	if err := f.commit(makeWay); err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	return nil
}

func (f *File) commit(makeWay func() error) error {
	if err := f.keepMode(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	name := f.Name()
	if !f.named {
		name = temporaryName(f.path) // a link cannot replace what is there, a renaming can
		if err := link(f.File, name); err != nil {
			return err
		}
	}
	err := f.Close()
	if err == nil {
		err = makeWay()
	}
	if err == nil {
		err = os.Rename(name, f.path)
	}
	if err != nil {
		_ = os.Remove(name) // the first error is the one to report
		return err
	}
	f.done = true
	return syncFolder(filepath.Dir(f.path))
}

// keep lets previous be what path is, if that is there: by a second name, or a new name where a file can have one only.
func keep(path, previous string) error {
	name := temporaryName(previous)
	err := os.Link(path, name)
	if err == nil {
		err = os.Rename(name, previous)
		_ = os.Remove(name) // which renaming one name of a file to another leaves
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.Rename(path, previous)
}

// keepMode lets those read the file who may read the one that it replaces: what is private stays private.
func (f *File) keepMode() error {
	if info, err := os.Lstat(f.path); err == nil && info.Mode().IsRegular() {
		return f.Chmod(info.Mode().Perm())
	}
	return nil
}

// Discard closes the file and leaves its path alone, unless it has been committed.
func (f *File) Discard() {
	if f.done {
		return
	}
	f.done = true
	_ = f.Close() // nothing of it is wanted
	if f.named {
		_ = os.Remove(f.Name())
	}
}
