//go:build hdf5

package hdf5

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"bytes"
	"errors"
	"os"
)

// File is an open HDF5 file.
type File struct{ id C.int64_t }

// Open opens a file to read it. Closing it closes its datasets too.
func Open(path string) (File, error) {
	if err := checkSignature(path); err != nil {
		return File{}, err
	}
	return open(path, func(name, why *C.char) C.int64_t { return C.shim_open(name, why) })
}

// Create makes an empty file to write it, in place of what is there.
func Create(path string) (File, error) {
	return open(path, func(name, why *C.char) C.int64_t { return C.shim_create(name, why) })
}

func open(path string, do func(name, why *C.char) C.int64_t) (File, error) {
	name, err := text(path)
	if err != nil {
		return File{}, err
	}
	defer free(name)
	id, err := call(func(why *C.char) C.int64_t { return do(name, why) })
	return File{C.int64_t(id)}, err
}

// checkSignature keeps from the library what is no HDF5 file: the signature is at
// the start, or after as many bytes for others as a power of two from 512 up.
func checkSignature(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var found [8]byte
	for at := int64(0); ; at = max(512, 2*at) {
		if _, err := f.ReadAt(found[:], at); err != nil {
			return errors.New("expected an HDF5 file, found none of its signatures")
		}
		if bytes.Equal(found[:], []byte("\x89HDF\r\n\x1a\n")) {
			return nil
		}
	}
}

// Close writes what is still to be written, and closes the file. One that cannot be
// written, because the disk is full, stays open until the program ends.
func (f File) Close() error {
	_, err := call(func(why *C.char) C.int64_t { return C.int64_t(C.shim_close_file(f.id, why)) })
	return err
}

// DatasetNames returns the names of the datasets in the root group, in the order
// of the alphabet. Links to other places and files are left out.
func (f File) DatasetNames() ([]string, error) { return f.names(0) }

// AttributeNames returns the names of the file's attributes, in the order of the
// alphabet.
func (f File) AttributeNames() ([]string, error) { return f.names(1) }

func (f File) names(ofAttributes C.int) ([]string, error) {
	var joined *C.char
	var size C.size_t
	_, err := call(func(why *C.char) C.int64_t {
		return C.int64_t(C.shim_names(f.id, ofAttributes, &joined, &size, why))
	})
	defer C.shim_free(joined)
	return separate(joined, size), err
}

// Text returns the text in an attribute of the file. Where it has none of that
// name, or one that is no single text, there is none.
func (f File) Text(name string) (value string, there bool, err error) {
	values, length, err := texts(f.id, name)
	if length != single {
		return "", false, err
	}
	return values[0], true, nil
}

// Texts returns the list of texts in an attribute of the file; nil where it has no
// such list.
func (f File) Texts(name string) ([]string, error) { return list(f.id, name) }

// SetText gives the file an attribute.
func (f File) SetText(name, value string) error { return setTexts(f.id, name, []string{value}, single) }

// SetTexts gives the file an attribute that is a list.
func (f File) SetTexts(name string, values []string) error {
	return setTexts(f.id, name, values, len(values))
}
