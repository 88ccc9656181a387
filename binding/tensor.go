package binding

import "github.com/gocei/gocei/cgo"

// Tensor is an array on a device. It is a small value, copied freely; the Scope that made it owns it. The zero Tensor is
// what a scope that carries an error returns.
type Tensor struct{ of *tensor }

type tensor struct {
	handle cgo.Tensor // 0 once closed
}

// Valid reports whether the tensor is there and its scope still open.
func (t Tensor) Valid() bool { return t.of != nil && t.of.handle != 0 }

// NativeHandle returns the address of the at::Tensor, for bridges to other bindings of the same libtorch. It stays the
// scope's.
func (t Tensor) NativeHandle() uintptr {
	if t.of == nil {
		return 0
	}
	return uintptr(t.of.handle)
}
