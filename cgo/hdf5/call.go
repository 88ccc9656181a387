//go:build hdf5

package hdf5

// #cgo CFLAGS: -I/usr/include/hdf5/serial
// #cgo linux,amd64 LDFLAGS: -L/usr/lib/x86_64-linux-gnu/hdf5/serial
// #cgo linux,arm64 LDFLAGS: -L/usr/lib/aarch64-linux-gnu/hdf5/serial
// #cgo LDFLAGS: -lhdf5
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unsafe"
)

// library is held for every call: libhdf5 serves one thread at a time.
var library sync.Mutex

// call makes a call of shim.h and returns its result, or its error.
func call(do func(why *C.char) C.int64_t) (int64, error) {
	library.Lock()
	defer library.Unlock()
	var why [C.SHIM_TEXT]C.char
	result := do(&why[0])
	if result < 0 {
		return 0, errors.New(C.GoString(&why[0]))
	}
	return int64(result), nil
}

// text returns a C string, which the caller frees.
func text(s string) (*C.char, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return nil, fmt.Errorf("%.40q holds a zero byte, which ends texts in HDF5", s)
	}
	return C.CString(s), nil
}

func free(s *C.char) { C.free(unsafe.Pointer(s)) }
