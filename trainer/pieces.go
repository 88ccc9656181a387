package trainer

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// piece is a part of a batch's rows that is computed at once. A batch's mean loss and gradient are the means of its pieces',
// weighted by their rows. Of a batch's pieces none has more rows than the last.
type piece struct {
	index        int // among those of this process
	first, count int // rows
	of           int // the batch's rows
	weight       float64
}

// whole reports whether the piece is all of its batch.
func (p piece) whole() bool { return p.count == p.of }

// pieces divides the rows of a batch that are this process's into alike pieces of so many rows at most; 0 sets no bound. Where
// the batch has no rows for it, there is one piece of no weight, since the process's generator must go the way of the others'.
func (c Config) pieces(rows, most int) []piece {
	first, end := 0, rows
	if c.Group != nil {
		first, end = rows*c.Group.Rank()/c.Group.Size(), rows*(c.Group.Rank()+1)/c.Group.Size()
	}
	own := end - first
	if own == 0 {
		return []piece{{first: 0, count: 1, of: rows}}
	}
	n := 1
	if most > 0 {
		n = (own + most - 1) / most
	}
	all := make([]piece, n)
	for i := range all {
		start := first + own*i/n
		count := first + own*(i+1)/n - start
		all[i] = piece{index: i, first: start, count: count, of: rows, weight: float64(count) / float64(rows)}
	}
	return all
}

// inPieces calls do with each piece of a batch of so many rows, in a scope whose generator then draws each piece's numbers of
// those that the whole batch has. Where memory runs out, it begins anew with pieces of half as many rows.
func (f *fitter) inPieces(s *binding.Scope, rows int, most *int, do func(p piece) error) error {
	var err error
	if f.before, err = s.Generator().AppendState(f.before[:0]); err != nil {
		return err
	}
	for {
		pieces := f.config.pieces(rows, *most)
		err := eachPiece(s, pieces, f.before, do)
		if !errors.Is(err, binding.ErrOutOfMemory) {
			return err
		}
		if err := f.halve(most, pieces[len(pieces)-1].count, err); err != nil {
			return err
		}
		if err := f.startOver(s); err != nil {
			return err
		}
	}
}

func eachPiece(s *binding.Scope, pieces []piece, before []byte, do func(p piece) error) error {
	for _, p := range pieces {
		if p.index > 0 {
			if err := s.Generator().Restore(before); err != nil {
				return err
			}
		}
		s.DrawFor(binding.Rows{First: int64(p.first), Count: int64(p.count), Total: int64(p.of)})
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

// halve lowers the bound of rows at once, after so many were too many.
func (f *fitter) halve(most *int, tooMany int, cause error) error {
	if tooMany <= 1 {
		return fmt.Errorf("trainer: even one row at a time needs more memory than there is; a smaller model, fewer threads or another device would need less: %w", cause)
	}
	*most = (tooMany + 1) / 2
	f.warn("out of memory with %d rows at once: going on with %d, which gives the same and takes longer", tooMany, *most)
	return nil
}

// startOver undoes what a step has begun.
func (f *fitter) startOver(s *binding.Scope) error {
	if err := s.Reset(); err != nil {
		return err
	}
	if !f.total.all.Valid() { // while there is room for it
		f.total = f.newTotal()
	}
	s.Zero(f.model.Params().Gradient())
	return errors.Join(f.scope.Err(), s.Err(), s.Generator().Restore(f.before))
}
