package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// StreamOptions say how to train on a table that is larger than memory.
type StreamOptions struct {
	Options             // as Prepare takes them, but without Added
	Selection Selection // of the events that count
	// RowsInMemory is how many rows there are in memory at once: Fractions divide
	// them into the rows of an epoch, and those to validate and to test on. All
	// others are trained on in later epochs.
	RowsInMemory int
}

// Stream trains on a table of any size: each epoch has a part of it, read while the
// epoch before is trained on. It is a trainer.Source, whose first epoch's part and
// what it is validated on come from Prepare.
//
// The table is cut into sections of neighbouring rows. Some, drawn by the seed, are
// validated and tested on, and never trained on; the others are visited in an order
// that is another in each pass over the table, where its format can be read
// anywhere, and the file's elsewhere. Each row to train on comes once a pass.
//
// A Stream reads one part at a time.
type Stream struct {
	options  StreamOptions
	reader   sectionReader
	deal     deal
	report   SelectionReport
	encoding Encoding
}

// ErrInMemory is the error of OpenStream for a table that has no more rows to train
// and to be judged on than are to be in memory: Prepare takes it as a whole.
var ErrInMemory = errors.New("the table has no more rows than are to be in memory")

// OpenStream finds out which rows there are, and deals them out. Where the table
// does not tell their number, or only some are selected, it is read once from first
// to last.
func OpenStream(ctx context.Context, t Table, o StreamOptions) (*Stream, error) {
	o.Options = o.withDefaults()
	s := &Stream{options: o, reader: sectionReader{table: t, selection: o.Selection, total: t.Rows()}}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("dataset: stream events: %w", err)
	}
	kept, shuffled, err := s.sections(ctx)
	if err != nil {
		return nil, fmt.Errorf("dataset: stream events: %w", err)
	}
	first, second := o.Fractions.borders(o.RowsInMemory)
	s.deal = newDeal(kept, second-first, o.RowsInMemory-second, o.Seed)
	s.deal.partRows, s.deal.shuffled = first, shuffled
	if s.Rows() <= o.RowsInMemory || s.deal.trainRows < first {
		return nil, fmt.Errorf("dataset: stream %d events: %w", s.Rows(), ErrInMemory)
	}
	return s, nil
}

func (s *Stream) check() error {
	header := s.reader.batch().events
	if err := header.check(); err != nil {
		return err
	}
	if len(header.PositionColumns) == 0 {
		return errors.New("they have momenta only, and there is nothing to learn from")
	}
	if s.options.Added != nil {
		return errors.New("others cannot be added to those of a table that is not in memory")
	}
	f, n := s.options.Fractions, s.options.RowsInMemory
	if err := f.check(); err != nil {
		return err
	}
	if least := max(len(header.PositionColumns), len(header.MomentumColumns)) + 1; !f.enough(n, least) {
		return fmt.Errorf("%d rows in memory are too few for %d columns and parts of %g/%g/%g: want at least %d", n, least-1, f.Train, f.Validation, f.Test, f.rowsFor(n, least))
	}
	return s.options.Selection.check()
}

// leastMixed is of how many sections at least an epoch's part is made, so that rows
// which lie together in the table are trained on beside many others.
const leastMixed = 32

// What a table is cut into takes little memory, whatever number of rows its header
// claims.
const (
	manySections = 1 << 20 // above which they are larger than need be
	mostSections = 1 << 22
)

// sections cuts the table, and returns how many rows of each section are selected,
// and whether sections can be visited in any order.
func (s *Stream) sections(ctx context.Context) (kept []int, shuffled bool, err error) {
	together, err := s.reader.table.SectionRows()
	if err != nil {
		return nil, false, err
	}
	train, _ := s.options.Fractions.borders(s.options.RowsInMemory)
	s.reader.size = max(1, train/leastMixed)
	if together > 0 {
		s.reader.size = int(min(int64(s.reader.size), max(together, s.reader.total/manySections)))
	}
	if s.reader.total/int64(s.reader.size) > mostSections {
		return nil, false, fmt.Errorf("%d rows with %d in memory: want at most %d, or more in memory", s.reader.total, s.options.RowsInMemory, mostSections*s.reader.size)
	}
	if s.reader.total >= 0 && s.options.Selection == (Selection{}) {
		for left := s.reader.total; left > 0; left -= int64(s.reader.size) {
			kept = append(kept, int(min(left, int64(s.reader.size))))
		}
		return kept, together > 0, nil
	}
	kept, err = s.scan(ctx)
	return kept, together > 0, err
}

// scan reads all of the table.
func (s *Stream) scan(ctx context.Context) (kept []int, err error) {
	all := s.reader.total
	if all < 0 {
		all = math.MaxInt64
	}
	if err := s.reader.table.Section(0, all); err != nil {
		return nil, err
	}
	for at := 0; ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, err := s.reader.table.Next()
		if errors.Is(err, io.EOF) {
			s.reader.total = int64(at)
			return kept, nil
		}
		if err != nil {
			return nil, err
		}
		rows, err := s.count(e)
		if err != nil {
			return nil, err
		}
		at += e.Len()
		for len(kept)*s.reader.size < at {
			kept = append(kept, 0)
		}
		for _, row := range rows {
			kept[(at-e.Len()+row)/s.reader.size]++
		}
	}
}

// count returns the selected rows, and adds them to the report.
func (s *Stream) count(e *Events) ([]int, error) {
	if s.options.Selection == (Selection{}) {
		return allRows(e.Len()), nil
	}
	selected, err := s.options.Selection.Apply(e)
	s.report = s.report.Plus(selected.Report)
	return selected.Rows, err
}

// Rows returns the number of selected rows.
func (s *Stream) Rows() int {
	return s.deal.trainRows + s.deal.rowsIn(s.deal.validation) + s.deal.rowsIn(s.deal.test)
}

// TrainRows returns how many rows are trained on in a pass over the table.
func (s *Stream) TrainRows() int { return s.deal.trainRows }

// Selected returns what the selection took out; nothing where there is none.
func (s *Stream) Selected() SelectionReport { return s.report }

// Test returns where the rows are that are neither trained nor validated on.
func (s *Stream) Test() Sections { return Sections{Rows: s.reader.size, Indices: s.deal.test} }

// Shuffled reports whether each pass visits the table in another order.
func (s *Stream) Shuffled() bool { return s.deal.shuffled }
