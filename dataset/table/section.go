package table

import (
	"errors"
	"fmt"
	"io"

	"github.com/gocei/gocei/dataset"
)

// seeker is a source that can reach any row without reading those before it.
type seeker interface {
	source
	// seek has next give n rows from row first on, and io.EOF after them. It comes
	// after choose, and also after an error of next.
	seek(first, n int64) error
	// seeks is false for a file that cannot, although others of its format can.
	seeks() bool
	// sectionRows is what Reader.SectionRows says of a file that seeks.
	sectionRows() (int64, error)
}

// leastSection is how many rows share the cost of finding their place in a file
// that can be read anywhere: 32 KiB of a column, which take a disk hardly longer
// than 4.
const leastSection = 4096

// SectionRows returns how many rows a Section should have at least so that one
// anywhere in the table costs about what its rows do in a reading from first to
// last; 0 where rows are only to be had in their order.
func (r *Reader) SectionRows() (int64, error) {
	if err := r.chooseNumeric(); err != nil {
		return 0, err
	}
	s, ok := r.source.(seeker)
	if !ok || !s.seeks() {
		return 0, nil
	}
	rows, err := s.sectionRows()
	return rows, located(err, r.path)
}

// Section has Next give the n rows from row first on, counted from 0, and io.EOF
// after them or after the table's last. It may be called at any time, and again.
// Where SectionRows is 0, the rows before are read too, and the table is begun anew
// for rows that lie behind.
func (r *Reader) Section(first, n int64) error {
	if r.closed {
		return r.errClosed()
	}
	if first < 0 || n < 0 || r.Rows() >= 0 && n > r.Rows()-first {
		return fmt.Errorf("table: read %s: %d rows from row %d on: want rows within the table's %d", r.path, n, first+1, r.Rows())
	}
	if err := r.chooseNumeric(); err != nil {
		return err
	}
	if err := r.seeking().seek(first, n); err != nil {
		return located(err, r.path)
	}
	r.row, r.pending = first, nil
	return nil
}

// seeking makes the source one that can seek, if need be by reading on.
func (r *Reader) seeking() seeker {
	s, ok := r.source.(seeker)
	if !ok || !s.seeks() {
		s = &forward{source: r.source, reopen: r.reopen, at: r.row}
		r.source = s
	}
	return s
}

// reopen begins the table anew.
func (r *Reader) reopen() (source, error) {
	s, err := r.format.open(r.path, r.options)
	if err != nil {
		return nil, err
	}
	if err := s.choose(r.chosen); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// forward gives sections of a source that cannot seek.
type forward struct {
	source
	reopen func() (source, error)
	at     int64          // row that comes next
	rest   dataset.Matrix // rows from there on that the source gave already
	left   int64          // rows of the section
	failed bool
}

func (f *forward) seeks() bool { return true }

func (f *forward) sectionRows() (int64, error) { return 0, nil }

func (f *forward) seek(first, n int64) error {
	if first < f.at || f.failed {
		if err := f.restart(); err != nil {
			return err
		}
	}
	for f.at < first {
		if _, err := f.take(first - f.at); err != nil {
			if errors.Is(err, io.EOF) {
				break // as it is where the section begins behind the last row
			}
			return err
		}
	}
	f.left = n
	return nil
}

func (f *forward) restart() error {
	s, err := f.reopen()
	if err != nil {
		return err
	}
	old := f.source
	f.source, f.at, f.rest, f.failed = s, 0, dataset.Matrix{}, false
	return old.close()
}

// take returns some of the next rows, most at most.
func (f *forward) take(most int64) (dataset.Matrix, error) {
	if f.rest.Rows == 0 {
		rest, err := f.source.next()
		if err != nil {
			f.failed = true
			return dataset.Matrix{}, err
		}
		f.rest = rest
	}
	n := int(min(most, int64(f.rest.Rows)))
	rows := f.rest
	rows.Rows, rows.Data = n, rows.Data[:n*rows.Cols]
	f.rest.Rows, f.rest.Data = f.rest.Rows-n, f.rest.Data[n*rows.Cols:]
	f.at += int64(n)
	return rows, nil
}

func (f *forward) next() (dataset.Matrix, error) {
	if f.left == 0 {
		return dataset.Matrix{}, io.EOF
	}
	rows, err := f.take(f.left)
	f.left -= int64(rows.Rows)
	return rows, err
}
