package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gocei/gocei/dataset/table"
)

// mayWriteTable refuses a format that is not known, and files that are there already: the table, and the one beside it
// where the format keeps what the table says of itself in one.
func mayWriteTable(path string, force bool) error {
	if path == "" {
		return usagef("--out is needed: the file to write")
	}
	if err := table.Known(path); err != nil {
		return usageError{err}
	}
	if err := mayReplace(path, force); err != nil || !table.HasSidecar(path) || table.Stray(path) {
		return err
	}
	return mayReplace(table.SidecarPath(path), force)
}

// mayReplace refuses to write over a file unless it was asked for.
func mayReplace(path string, force bool) error {
	if force {
		return nil
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s is there already; --force replaces it", path)
}
