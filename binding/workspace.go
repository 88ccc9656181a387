package binding

import "github.com/gocei/gocei/cgo"

// workspace returns the scope's working memory for operations on tensors like t. Such an operation grows it to what it needs,
// and Reset keeps it, so that the steps of a loop take no memory from the system but the first.
func (s *Scope) workspace(t Tensor) Tensor {
	dtype, err := s.DTypeOf(t)
	if err != nil {
		return Tensor{}
	}
	if w, ok := s.work[dtype]; ok {
		return w
	}
	outer := s.owned
	s.owned = nil
	w := s.Zeros(dtype, CPU, 0)
	s.owned = outer
	if s.err == nil {
		if s.work == nil {
			s.work = map[DType]Tensor{}
		}
		s.work[dtype] = w
	}
	return w
}

// releaseWorkspaces frees the working memory.
func (s *Scope) releaseWorkspaces() error {
	var handles []cgo.Tensor
	for dtype, w := range s.work {
		handles = append(handles, w.of.handle)
		w.of.handle = 0
		delete(s.work, dtype)
	}
	if len(handles) == 0 {
		return nil
	}
	return check("close scope", cgo.Release(handles, &s.native), &s.native)
}
