//go:build gotorch

package gotorch

import (
	"fmt"
	"runtime"

	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
)

// FromGoTorch returns t as a tensor of the scope. A t that is nil, undefined (as a gradient that is not there yet is), or
// of elements that package binding does not have, is an error.
func FromGoTorch(s *binding.Scope, t torch.Tensor) (binding.Tensor, error) {
	if t.T == nil || *t.T == nil {
		s.Fail(&binding.Error{Op: "from gotorch", Kind: binding.ErrArgument, Msg: "the tensor is nil"})
		return binding.Tensor{}, s.Err()
	}
	x := s.FromNative(uintptr(*t.T))
	// Until the scope has its own hold, the caller's may be the last one, and its finalizer due.
	runtime.KeepAlive(t.T)
	if _, err := s.DTypeOf(x); err != nil {
		return binding.Tensor{}, fmt.Errorf("gotorch: take tensor: %w", err)
	}
	return x, nil
}
