package binding

import "github.com/gocei/gocei/cgo"

// To returns a on another device or with another element type, or a itself where nothing changes.
func (s *Scope) To(a Tensor, dtype DType, on Device) Tensor {
	s.with(cgo.OpTo, a)
	s.like(dtype, on)
	return s.one(cgo.OpTo)
}

// Clone returns a copy with storage of its own.
func (s *Scope) Clone(a Tensor) Tensor { return s.apply(cgo.OpClone, a) }

// Detach returns a tensor that shares a's storage but not its history.
func (s *Scope) Detach(a Tensor) Tensor { return s.apply(cgo.OpDetach, a) }

// Copy writes source into target, which has the same shape, in place and unseen by autograd.
func (s *Scope) Copy(target, source Tensor) { s.command(cgo.OpCopy, target, source) }

// Zero fills target with zeros, in place and unseen by autograd.
func (s *Scope) Zero(target Tensor) { s.command(cgo.OpZero, target) }

// FromNative returns a tensor that shares the storage of the at::Tensor at an address, which stays its owner's. It is
// for bridges to other bindings of the same libtorch.
func (s *Scope) FromNative(address uintptr) Tensor {
	if address == 0 {
		s.fail("from native", ErrArgument, "the address is null")
		return Tensor{}
	}
	s.in = append(s.in[:0], cgo.Tensor(address))
	s.ints = s.ints[:0]
	return s.one(cgo.OpAlias)
}

// ToNative returns the address of a new at::Tensor that shares a's storage and that the caller must delete. It is for
// bridges to other bindings of the same libtorch.
func (s *Scope) ToNative(a Tensor) (uintptr, error) {
	s.with(cgo.OpExport, a)
	s.ints = s.ints[:0]
	if s.run(cgo.OpExport) != 1 {
		return 0, s.err
	}
	return uintptr(s.out[0]), nil
}
