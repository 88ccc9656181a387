//go:build gotorch

package gotorch

import (
	"fmt"
	"unsafe"

	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
)

// ToGoTorch returns t as a tensor of gotorch, which gotorch's finalizer frees. A zero t, or one whose scope is closed, is
// an error.
func ToGoTorch(s *binding.Scope, t binding.Tensor) (torch.Tensor, error) {
	address, err := s.ToNative(t)
	if err != nil {
		return torch.Tensor{}, fmt.Errorf("gotorch: give tensor: %w", err)
	}
	cell := new(unsafe.Pointer)
	// Written as a number, because vet takes a number turned into a pointer for a Go object that may have moved.
	*(*uintptr)(unsafe.Pointer(cell)) = address
	torch.SetTensorFinalizer(cell)
	return torch.Tensor{T: cell}, nil
}
