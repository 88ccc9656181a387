//go:build hdf5

package hdf5

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"strings"
	"unsafe"
)

// setTexts writes a list of texts, or one that is single.
func setTexts(object C.int64_t, name string, values []string, count int) error {
	key, err := text(name)
	if err != nil {
		return err
	}
	defer free(key)
	// The list is in C's memory: Go's must not hold pointers that C is given.
	pointers := unsafe.Slice((**C.char)(C.calloc(C.size_t(len(values)+1), C.size_t(unsafe.Sizeof(key)))), len(values)+1)
	defer C.free(unsafe.Pointer(&pointers[0]))
	for i, value := range values {
		if pointers[i], err = text(value); err != nil {
			return err
		}
		defer free(pointers[i])
	}
	_, err = call(func(why *C.char) C.int64_t {
		return C.int64_t(C.shim_set_texts(object, key, &pointers[0], C.int64_t(count), why))
	})
	return err
}

// single is the length of a text that is no list.
const single = -1

// texts returns nil where there is no such attribute, or one of other values.
func texts(object C.int64_t, name string) (values []string, length int, err error) {
	key, err := text(name)
	if err != nil {
		return nil, 0, err
	}
	defer free(key)
	var joined *C.char
	var size C.size_t
	var count C.int64_t
	if _, err := call(func(why *C.char) C.int64_t {
		return C.int64_t(C.shim_texts(object, key, &joined, &size, &count, why))
	}); err != nil || joined == nil {
		return nil, 0, err
	}
	defer C.shim_free(joined)
	return separate(joined, size), int(count), nil
}

// separate returns the texts that a zero each ends.
func separate(joined *C.char, size C.size_t) (values []string) {
	all := string(unsafe.Slice((*byte)(unsafe.Pointer(joined)), int(size)))
	for value := range strings.SplitSeq(all, "\x00") {
		values = append(values, value)
	}
	return values[:len(values)-1] // after the last zero
}

// list returns nil where the attribute is not a list of texts.
func list(object C.int64_t, name string) ([]string, error) {
	values, length, err := texts(object, name)
	if length == single {
		return nil, err
	}
	return values, err
}
