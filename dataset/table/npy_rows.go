package table

import (
	"errors"
	"io"
	"strconv"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/dataset"
)

// npyRows gives the rows of one array: its first index counts the rows, the
// others count the columns.
type npyRows struct {
	array   npyArray
	member  string // its name in an archive
	rows    int64
	row     int64 // the next one
	columns []npyColumn
	bytes   int64 // from one row to the next
	byName  bool
	open    func() (npyData, error)
	random  func() (npyData, error) // opens data that can be read anywhere; nil where they cannot
	seeks   bool                    // data were opened so
	data    npyData
	buffer  []byte
}

// npyColumn is where the first row has a column, from the start of the data.
type npyColumn struct {
	name   string
	offset int64
	npyType
}

// npyData gives the data from their start. Arrays in Fortran's order are read
// through at, all others through in.
type npyData struct {
	in    io.Reader
	at    io.ReaderAt
	close func() error
}

// placed is a column of an array and its place in the rows that are given.
type placed struct{ column, to int }

// newNPYRows describes an array whose data are size bytes long.
func newNPYRows(a npyArray, size int64) (*npyRows, error) {
	if a.unsupported != nil {
		return nil, a.unsupported
	}
	if len(a.shape) < 1 || len(a.shape) > 3 || a.structured() && len(a.shape) > 1 {
		return nil, wrong("expected an array [rows, columns], [rows, atoms, 3], or [rows] of fields, found the shape %v", a.shape)
	}
	need, err := a.bytes()
	if err != nil {
		return nil, err
	}
	if need != size {
		return nil, wrong("expected %d bytes for an array of shape %v, found %d", need, a.shape, size)
	}
	s := &npyRows{array: a, rows: a.shape[0], byName: a.structured(), bytes: int64(a.item)}
	if s.byName {
		for _, f := range a.fields {
			s.columns = append(s.columns, npyColumn{f.name, int64(f.offset), f.npyType})
		}
		return s, nil
	}
	return s, s.addColumns()
}

// addColumns numbers the columns of an array that is not structured, the last
// index running quickest.
func (s *npyRows) addColumns() error {
	outer, inner := int64(1), int64(1)
	switch shape := s.array.shape; len(shape) {
	case 2:
		inner = shape[1]
	case 3:
		outer, inner = shape[1], shape[2]
	}
	if outer > mostColumns || inner > mostColumns || outer*inner > mostColumns {
		return wrong("expected at most %d columns, found the shape %v", mostColumns, s.array.shape)
	}
	item := int64(s.array.item)
	for j := range outer * inner {
		offset := j * item
		if s.array.fortran {
			offset = (j/inner + outer*(j%inner)) * s.rows * item
		}
		s.columns = append(s.columns, npyColumn{strconv.FormatInt(j+1, 10), offset, s.array.fields[0].npyType})
	}
	if !s.array.fortran {
		s.bytes = item * outer * inner
	}
	return nil
}

// byColumn reports whether a column's rows lie together.
func (s *npyRows) byColumn() bool { return s.array.fortran && len(s.columns) > 1 }

// read fills columns of a block with the next rows.
func (s *npyRows) read(block dataset.Matrix, columns []placed) (err error) {
	if s.data.close == nil {
		if s.data, err = s.open(); err != nil {
			return err
		}
	}
	if n := block.Rows * int(s.bytes); cap(s.buffer) < n {
		s.buffer = make([]byte, n)
	}
	from := s.buffer[:block.Rows*int(s.bytes)]
	if err := s.readRows(from); err != nil {
		return s.broken(err)
	}
	for _, c := range columns {
		column := s.columns[c.column]
		if s.byColumn() {
			if _, err := s.data.at.ReadAt(from, column.offset+s.row*s.bytes); err != nil {
				return s.broken(err)
			}
			column.offset = 0
		}
		if err := s.convert(block, from, column, c.to); err != nil {
			return err
		}
	}
	s.row += int64(block.Rows)
	return nil
}

// readRows reads the next rows where each lies together.
func (s *npyRows) readRows(to []byte) (err error) {
	switch {
	case s.byColumn():
	case s.seeks:
		_, err = s.data.at.ReadAt(to, s.row*s.bytes)
	default:
		_, err = io.ReadFull(s.data.in, to)
	}
	return err
}

// seek has read continue at a row.
func (s *npyRows) seek(row int64) (err error) {
	s.row = row
	if s.seeks || s.byColumn() {
		return nil
	}
	if err := s.close(); err != nil {
		return err
	}
	s.data, err = s.random()
	s.seeks = err == nil
	return err
}

func (s *npyRows) convert(block dataset.Matrix, from []byte, column npyColumn, to int) error {
	for i := range block.Rows {
		v, exact := column.number(from[i*int(s.bytes)+int(column.offset):])
		if !exact {
			return wrongAt(s.row+int64(i)+1, "expected whole numbers that float64 can hold in column %s, found one near %g", excerpt.Of(column.name), v)
		}
		block.Data[i*block.Cols+to] = v
	}
	return nil
}

func (s *npyRows) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return wrongAt(s.row+1, "expected %d rows, found the end of the data", s.rows)
	}
	return err
}

// end is called after the last row: it finds data beyond it and, where the data
// carry a checksum, whether it holds.
func (s *npyRows) end() error {
	if s.data.in == nil || s.byColumn() || s.seeks {
		return nil
	}
	n, err := s.data.in.Read(make([]byte, 1))
	if n > 0 {
		return wrong("expected the end of the data after %d rows, found more", s.rows)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (s *npyRows) close() error {
	if s.data.close == nil {
		return nil
	}
	return s.data.close()
}
