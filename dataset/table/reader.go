package table

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/excerpt"
	"github.com/gocei/gocei/internal/nonfinite"
)

// Options say how to read a table. The zero value suits most.
type Options struct {
	NoHeader bool // the first line of a text is a row; the columns are numbered from 1
	Workers  int  // goroutines that share the work; below 1, as many as there are processors
	Extra    bool // OpenEvents reads further columns of numbers too
}

func (o Options) workers() int {
	if o.Workers < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return o.Workers
}

// Reader reads a table from its first row to its last. Metadata and Columns are
// known from the start.
type Reader struct {
	path    string
	format  format
	options Options
	source  source
	header  header
	chosen  []int // nil until something was read or chosen
	row     int64 // that comes next
	pending error // what ended the reading
	closed  bool
}

// Open opens the table in a file. Its name tells the format.
func Open(path string, o Options) (*Reader, error) {
	f, err := formatOf(path)
	if err != nil {
		return nil, fmt.Errorf("table: read %s: %w", path, err)
	}
	s, err := f.open(path, o)
	if err != nil {
		return nil, located(err, path)
	}
	r := &Reader{path: path, format: f, options: o, source: s, header: s.header()}
	if f.sidecar {
		if r.header.metadata, err = readSidecar(path); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return r, nil
}

// Columns returns the names of all columns in the file's order: "1", "2", … where
// it names none.
func (r *Reader) Columns() []string { return slices.Clone(r.header.columns) }

// Named reports whether the file names its columns.
func (r *Reader) Named() bool { return !r.header.unnamed }

// Numeric reports for each column whether it holds numbers.
func (r *Reader) Numeric() []bool { return slices.Clone(r.header.numeric) }

// Rows returns the number of rows, or -1 where that is not known before all have
// been read.
func (r *Reader) Rows() int64 { return r.header.rows }

// Metadata returns what the table says of itself; nil where it says nothing.
func (r *Reader) Metadata() Metadata { return r.header.metadata }

// Choose limits the reading to some columns, by their indices, in that order. It
// must come before the first Next; without it, all numeric columns are read.
func (r *Reader) Choose(columns []int) error {
	if r.chosen != nil {
		return fmt.Errorf("table: read %s: columns can be chosen once, before the first row is read", r.path)
	}
	for _, j := range columns {
		if j < 0 || j >= len(r.header.columns) {
			return fmt.Errorf("table: read %s: column %d: want 0 to %d", r.path, j, len(r.header.columns)-1)
		}
	}
	if len(columns) == 0 {
		return located(wrong("expected columns of numbers, found none"), r.path)
	}
	r.chosen = slices.Clone(columns)
	return located(r.source.choose(r.chosen), r.path)
}

// Next returns some of the next rows [n, chosen], n > 0; io.EOF after the last.
// They are valid until the next call. Every number is finite: NaN and infinities
// are refused, as is text, with an *Error.
func (r *Reader) Next() (dataset.Matrix, error) {
	if r.pending != nil {
		return dataset.Matrix{}, r.pending
	}
	if err := r.chooseNumeric(); err != nil {
		r.pending = err
		return dataset.Matrix{}, err
	}
	rows, err := r.source.next()
	if err == nil {
		err = r.checkFinite(rows)
	}
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = located(err, r.path)
		}
		r.pending = err
		return dataset.Matrix{}, err
	}
	r.row += int64(rows.Rows)
	return rows, nil
}

// chooseNumeric chooses all columns of numbers where none were chosen.
func (r *Reader) chooseNumeric() error {
	if r.chosen != nil {
		return nil
	}
	return r.Choose(numericColumns(r.header))
}

func numericColumns(h header) (columns []int) {
	for j, numeric := range h.numeric {
		if numeric {
			columns = append(columns, j)
		}
	}
	return columns
}

func (r *Reader) checkFinite(rows dataset.Matrix) error {
	i := nonfinite.Index(rows.Data)
	if i < 0 {
		return nil
	}
	name := r.header.columns[r.chosen[i%rows.Cols]]
	return wrongAt(r.row+int64(i/rows.Cols)+1, "expected a finite number in column %s, found %g", excerpt.Of(name), rows.Data[i])
}

// ReadAll returns all rows that are left [n, chosen].
func (r *Reader) ReadAll() (dataset.Matrix, error) {
	all := dataset.Matrix{}
	for {
		rows, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return dataset.Matrix{}, err
		}
		all.Rows, all.Cols = all.Rows+rows.Rows, rows.Cols
		all.Data = append(all.Data, rows.Data...)
	}
}

func (r *Reader) errClosed() error {
	return fmt.Errorf("table: read %s: the reader is closed", r.path)
}

// Close ends the reading.
func (r *Reader) Close() error {
	r.closed = true
	if r.pending == nil {
		r.pending = r.errClosed()
	}
	if err := r.source.close(); err != nil {
		return fmt.Errorf("table: close %s: %w", r.path, err)
	}
	return nil
}
