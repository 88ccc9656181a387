package dataset

import (
	"context"
	"fmt"
	"slices"
)

// fitRows is on how many rows of the first part an encoding is fitted: they tell
// means and standard deviations to a third of a percent of these, and which columns
// vary, and take little memory.
const fitRows = 1 << 17

// Prepare returns what a training on the table begins with: the first epoch's rows,
// those to validate and to test on, and the encoding, which is fitted on rows of the
// first epoch alone, 131072 of them where it has more. The range of the conditions
// and the domain are those of all its rows. Where the table is read in its own order,
// the first epoch's rows are its first ones.
func (s *Stream) Prepare(ctx context.Context) (*Split, error) {
	if err := s.fit(ctx); err != nil {
		return nil, fmt.Errorf("dataset: prepare streamed events: %w", err)
	}
	split := &Split{Fractions: s.options.Fractions, Seed: s.options.Seed}
	var err error
	if split.Train, split.Partition.Train, err = s.encode(ctx, s.deal.part(1)); err == nil {
		err = s.judged(ctx, split)
	}
	if err != nil {
		return nil, fmt.Errorf("dataset: prepare streamed events: %w", err)
	}
	s.encoding.setDomain(split.Train.Momenta)
	s.encoding.Domain = newDomain(split.Train.Momenta, split.Validation.Momenta)
	split.Encoding = s.encoding
	split.Later = s.deal.trainRows - split.Train.Len()
	return split, nil
}

// judged reads the rows to validate and to test on, both on one way through the table.
func (s *Stream) judged(ctx context.Context, to *Split) error {
	sections := slices.Sorted(slices.Values(slices.Concat(s.deal.validation, s.deal.test)))
	all, rows, err := s.encode(ctx, s.deal.whole(sections))
	if err != nil {
		return err
	}
	var validation, test []int
	for i, row := range rows {
		if _, validates := slices.BinarySearch(s.deal.validation, row/s.reader.size); validates {
			validation, to.Partition.Validation = append(validation, i), append(to.Partition.Validation, row)
		} else {
			test, to.Partition.Test = append(test, i), append(to.Partition.Test, row)
		}
	}
	to.Validation, to.Test = all.selectRows(validation), all.selectRows(test)
	return nil
}

func (p Part) selectRows(rows []int) Part {
	return Part{p.Positions.SelectRows(rows), p.Momenta.SelectRows(rows)}
}

// fit fits the encoding but for its domain.
func (s *Stream) fit(ctx context.Context) error {
	sample, err := s.Sample(ctx)
	if err != nil {
		return err
	}
	c, o := &s.encoding, s.options.Options
	if *c, err = newEncoding(sample, allRows(sample.Len()), o); err != nil {
		return err
	}
	positions, err := c.FramePositions(sample)
	if err != nil {
		return err
	}
	if err := c.checkBounds(o.Bounds, positions); err != nil {
		return err
	}
	momenta, err := c.frameMomenta(sample)
	if err != nil {
		return err
	}
	if c.Positions, err = c.fitPositions(positions, o); err != nil {
		return fmt.Errorf("positions: %w", err)
	}
	if c.Momenta, err = o.fitter(c.Plain()).fit(c.MomentumColumns, momenta); err != nil {
		return fmt.Errorf("momenta: %w", err)
	}
	return nil
}

// Sample returns the events that an encoding is fitted on.
func (s *Stream) Sample(ctx context.Context) (*Events, error) {
	var some []piece
	for rows, all := 0, s.deal.part(1); rows < fitRows && len(some) < len(all); {
		p := all[len(some)]
		some, rows = append(some, p), rows+p.to-p.from
	}
	sample := s.reader.batch()
	for _, p := range s.deal.inOrder(some) {
		if err := s.reader.add(ctx, sample, p); err != nil {
			return nil, err
		}
	}
	return &sample.events, nil
}
