package dataset

import (
	"context"
	"fmt"
)

// Part returns the rows that an epoch trains on, in model coordinates. They depend
// on the table, the options and the epoch alone. Prepare must have come before.
func (s *Stream) Part(ctx context.Context, epoch int) (Part, error) {
	p, _, err := s.encode(ctx, s.deal.part(epoch))
	if err != nil {
		return Part{}, fmt.Errorf("dataset: read part %d of the table: %w", epoch, err)
	}
	return p, nil
}

// readAtOnce is how many rows are turned and scaled together: few enough to stay in
// a core's cache, and many enough to make little of what each time costs.
const readAtOnce = 2048

// encode returns pieces of the table in model coordinates, and their rows.
func (s *Stream) encode(ctx context.Context, pieces []piece) (Part, []int, error) {
	n := 0
	for _, p := range pieces {
		n += p.to - p.from
	}
	part := Part{Positions: NewMatrix(n, s.encoding.Positions.Dim()), Momenta: NewMatrix(n, s.encoding.Momenta.Dim())}
	rows := make([]int, 0, n)
	err := s.read(ctx, pieces, func(b *batch) error {
		at := len(rows)
		rows = append(rows, b.rows...)
		return s.encodeInto(part, at, b)
	})
	return part, rows, err
}

// read gives the events of pieces, some at a time.
func (s *Stream) read(ctx context.Context, pieces []piece, use func(b *batch) error) error {
	b := s.reader.batch()
	for i, p := range s.deal.inOrder(pieces) {
		if err := s.reader.add(ctx, b, p); err != nil {
			return err
		}
		if b.events.Len() < readAtOnce && i+1 < len(pieces) {
			continue
		}
		if err := use(b); err != nil {
			return err
		}
		b.reset()
	}
	return nil
}

// encodeInto puts a batch into a part from a row on.
func (s *Stream) encodeInto(to Part, at int, b *batch) error {
	positions, err := s.encoding.EncodePositions(&b.events)
	if err != nil {
		return s.refused(b, err)
	}
	momenta, err := s.encoding.EncodeMomenta(&b.events)
	if err != nil {
		return s.refused(b, err)
	}
	copy(to.Positions.Data[at*to.Positions.Cols:], positions.Data)
	copy(to.Momenta.Data[at*to.Momenta.Cols:], momenta.Data)
	return nil
}

// refused says which row of the table is to blame for an error.
func (s *Stream) refused(b *batch, err error) error {
	for i, row := range b.rows {
		one := b.events.SelectRows([]int{i})
		_, positions := s.encoding.EncodePositions(one)
		_, momenta := s.encoding.EncodeMomenta(one)
		if positions != nil || momenta != nil {
			return fmt.Errorf("row %d: %w", row+1, err)
		}
	}
	return err
}
