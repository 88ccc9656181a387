package trainer

import "github.com/gocei/gocei/binding"

// shuffled gathers batches of the training part in the order of an epoch, a window of many batches at once. When a step has
// filled the cache with the model, the rows of one batch, which lie anywhere, take three times as long.
type shuffled struct {
	of    batches
	order binding.Tensor // the epoch's permutation of the rows [N]

	x, y         binding.Tensor // [room,D], [room,C]
	room         int
	first, count int // of the order, what is in the window
}

// shuffledAtOnce is how many rows a window has at most: little memory beside any training part.
const shuffledAtOnce = 1 << 15

// newShuffled returns an empty window, with memory that is owner's.
func newShuffled(owner *binding.Scope, of batches, order binding.Tensor) shuffled {
	room := min(of.rows, shuffledAtOnce)
	first := func(t binding.Tensor) binding.Tensor { return owner.Clone(owner.Narrow(t, 0, 0, int64(room))) }
	return shuffled{of: of, order: order, x: first(of.x), y: first(of.y), room: room}
}

// forget empties the window, since rows or order are others.
func (w *shuffled) forget() { w.count = 0 }

// gather returns n rows from start on, in the order. They may be views of the window, which hold until the next call.
func (w *shuffled) gather(s *binding.Scope, start, n int) (x, y binding.Tensor) {
	if n > w.room {
		index := s.Narrow(w.order, 0, int64(start), int64(n))
		return s.SelectRows(w.of.x, index), s.SelectRows(w.of.y, index)
	}
	if start < w.first || start+n > w.first+w.count {
		w.move(s, start)
	}
	first := int64(start - w.first)
	return s.Narrow(w.x, 0, first, int64(n)), s.Narrow(w.y, 0, first, int64(n))
}

// move fills the window with the rows from start on.
func (w *shuffled) move(s *binding.Scope, start int) {
	w.first, w.count = start, 0
	count := min(w.room, w.of.rows-start)
	s.Gather(w.order, int64(start), int64(count), w.x, w.of.x, w.y, w.of.y)
	if s.Err() == nil {
		w.count = count
	}
}
