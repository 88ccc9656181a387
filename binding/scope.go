package binding

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/cgo"
)

// Scope owns the tensors made in it, carries the first error of its operations, and says whether they are recorded for
// autograd. See the package's sections on ownership, errors and threads.
type Scope struct {
	owned     []*tensor
	err       error
	closed    bool
	grad      bool
	generator *Generator
	rows      Rows // that random numbers are drawn for

	// Arguments of the call in progress, kept so that an operation allocates nothing but its results.
	in     []cgo.Tensor
	out    []cgo.Tensor
	ints   []int64
	native cgo.Error

	work map[DType]Tensor // memory that operations compute in, kept until Close
}

// Option is a choice made when a scope is opened.
type Option func(*Scope)

// NoGrad makes a scope that does not record for autograd: for inference, validation and bookkeeping.
func NoGrad() Option { return func(s *Scope) { s.grad = false } }

// WithGenerator gives the scope the generator that its random operations draw from. The scope does not close it.
func WithGenerator(g *Generator) Option { return func(s *Scope) { s.generator = g } }

// NewScope opens a scope. Where the native library cannot be loaded, the scope carries that error.
func NewScope(options ...Option) *Scope {
	s := &Scope{grad: true, out: make([]cgo.Tensor, 4)}
	for _, o := range options {
		o(s)
	}
	if _, err := Load(); err != nil {
		s.err = err
	}
	watch(s)
	return s
}

// Err returns the first error of the scope's operations.
func (s *Scope) Err() error { return s.err }

// Records reports whether the scope records for autograd.
func (s *Scope) Records() bool { return s.grad }

// Generator returns the generator that the scope's random operations draw from, or nil.
func (s *Scope) Generator() *Generator { return s.generator }

// Close frees the scope's tensors. Whatever is done in the scope afterwards fails with ErrClosed. Closing twice does
// nothing. It returns an error only where freeing fails.
func (s *Scope) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	unwatch(s)
	err := errors.Join(s.release(), s.releaseWorkspaces())
	if s.err == nil {
		s.err = &Error{Op: "use scope", Kind: ErrClosed, Msg: "the scope is closed"}
	}
	return err
}

// Reset frees the scope's tensors and clears its error, so that the next step of a loop may use it again.
func (s *Scope) Reset() error {
	if s.closed {
		return s.err
	}
	if _, err := Load(); err != nil {
		return err
	}
	s.err = nil
	return s.release()
}

func (s *Scope) release() error {
	s.in = s.in[:0]
	for i, t := range s.owned {
		s.in = append(s.in, t.handle)
		t.handle = 0
		s.owned[i] = nil
	}
	s.owned = s.owned[:0]
	if len(s.in) == 0 {
		return nil
	}
	return check("close scope", cgo.Release(s.in, &s.native), &s.native)
}

// Fail makes err the scope's error, unless it carries one already. Packages that compute in a scope report their own
// errors with it.
func (s *Scope) Fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *Scope) fail(op string, kind Kind, format string, args ...any) {
	s.Fail(&Error{Op: op, Kind: kind, Msg: fmt.Sprintf(format, args...)})
}

// Move makes the scope to the owner of t, so that it outlives s. A tensor that s does not own is an error.
func (s *Scope) Move(t Tensor, to *Scope) Tensor {
	if s.err != nil {
		return Tensor{}
	}
	if to.closed {
		s.fail("move", ErrClosed, "the scope to move to is closed")
		return Tensor{}
	}
	for i := len(s.owned) - 1; i >= 0; i-- {
		if s.owned[i] == t.of {
			s.owned = append(s.owned[:i], s.owned[i+1:]...)
			to.owned = append(to.owned, t.of)
			return t
		}
	}
	s.fail("move", ErrArgument, "the scope does not own the tensor")
	return Tensor{}
}

// adopt makes the scope the owner of a native tensor.
func (s *Scope) adopt(h cgo.Tensor) Tensor {
	t := &tensor{handle: h}
	s.owned = append(s.owned, t)
	return Tensor{t}
}
