package binding

import (
	"fmt"

	"github.com/gocei/gocei/cgo"
)

// Kind classifies errors. Its values are errors themselves, for errors.Is.
type Kind string

// The kinds of error.
const (
	ErrTorch       Kind = "libtorch failed"
	ErrOutOfMemory Kind = "out of memory"
	ErrShape       Kind = "shapes do not fit"
	ErrDevice      Kind = "device not usable"
	ErrDType       Kind = "element types do not fit"
	ErrArgument    Kind = "invalid argument"
	ErrClosed      Kind = "used after Close"
	ErrLibrary     Kind = "native library missing"
	ErrPeer        Kind = "another process is lost"
)

// Error returns the kind in words.
func (k Kind) Error() string { return string(k) }

// Error is what an operation failed with.
type Error struct {
	Op   string // the operation, as in "matmul"
	Kind Kind
	Msg  string // one line, or for ErrLibrary what was tried
}

// Error returns "binding: op: message".
func (e *Error) Error() string {
	if e.Msg == "" {
		return fmt.Sprintf("binding: %s: %s", e.Op, e.Kind)
	}
	return fmt.Sprintf("binding: %s: %s", e.Op, e.Msg)
}

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool { return target == e.Kind }

var kinds = map[cgo.Status]Kind{
	cgo.Failed:      ErrTorch,
	cgo.OutOfMemory: ErrOutOfMemory,
	cgo.BadShape:    ErrShape,
	cgo.BadDevice:   ErrDevice,
	cgo.BadDType:    ErrDType,
	cgo.BadArgument: ErrArgument,
	cgo.PeerLost:    ErrPeer,
}

// check returns the error of a native call, or nil.
func check(op string, status cgo.Status, native *cgo.Error) error {
	if status == cgo.OK {
		return nil
	}
	kind, known := kinds[status]
	if !known {
		kind = ErrTorch
	}
	return &Error{Op: op, Kind: kind, Msg: native.String()}
}
