package table

import (
	"errors"
	"io"
	"os"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/dataset"
)

// npyFormat is one array of NumPy. Written are structured arrays, which keep the
// columns' names, or [rows, columns] where the columns are only numbered. Read are
// these, and [rows, atoms, 3], of floats of 4 or 8 bytes and of integers. Beyond
// some 400 named columns, numpy.load has to be given a larger max_header_size.
var npyFormat = format{
	endings: []string{".npy"},
	sidecar: true,
	open:    openNPY,
	create:  createNPY,
}

// npySource gives the columns of one or more arrays with as many rows.
type npySource struct {
	file    *os.File
	head    header
	arrays  []*npyRows
	columns []npyPlace // where each column of the header is
	chosen  [][]placed // for each array
	block   dataset.Matrix
	row     int64
	end     int64 // of the section that is read
	section bool  // which is not all of the table
}

type npyPlace struct {
	array  *npyRows
	column int
}

func openNPY(path string, _ Options) (source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &npySource{file: file}
	if err := s.readHeader(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func (s *npySource) readHeader() error {
	a, err := readNPYHeader(s.file)
	if err != nil {
		return err
	}
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	rows, err := newNPYRows(a, info.Size()-a.start)
	if err != nil {
		return err
	}
	rows.open = func() (npyData, error) {
		data := io.NewSectionReader(s.file, a.start, info.Size()-a.start)
		return npyData{data, data, func() error { return nil }}, nil
	}
	rows.random = rows.open
	s.head.unnamed = !rows.byName
	s.add(rows)
	return nil
}

// add adds all columns of an array.
func (s *npySource) add(rows *npyRows) {
	s.head.rows = rows.rows
	s.arrays = append(s.arrays, rows)
	for j, c := range rows.columns {
		s.head.columns = append(s.head.columns, c.name)
		s.head.numeric = append(s.head.numeric, c.number != nil)
		s.columns = append(s.columns, npyPlace{rows, j})
	}
}

func (s *npySource) header() header { return s.head }

// blockBytes is about how much is read at once.
const blockBytes = 1 << 20

func (s *npySource) choose(columns []int) error {
	wanted := map[*npyRows][]placed{}
	bytes := int64(8 * len(columns))
	for to, j := range columns {
		place := s.columns[j]
		if c := place.array.columns[place.column]; c.number == nil {
			return wrong("expected numbers in column %s, found the type %s", excerpt.Of(s.head.columns[j]), excerpt.Of(c.npyType.name))
		}
		if wanted[place.array] == nil {
			bytes += place.array.bytes
		}
		wanted[place.array] = append(wanted[place.array], placed{place.column, to})
	}
	for _, array := range s.arrays {
		s.chosen = append(s.chosen, wanted[array])
	}
	s.block = dataset.NewMatrix(int(min(max(1, blockBytes/bytes), s.head.rows)), len(columns))
	return nil
}

func (s *npySource) next() (dataset.Matrix, error) {
	if !s.section {
		s.end = s.head.rows
	}
	n := min(s.end-s.row, int64(s.block.Rows))
	block := dataset.Matrix{Rows: int(n), Cols: s.block.Cols, Data: s.block.Data[:int(n)*s.block.Cols]}
	s.row += n
	for k, array := range s.arrays {
		if len(s.chosen[k]) == 0 {
			continue
		}
		var err error
		switch {
		case n > 0:
			err = array.read(block, s.chosen[k])
		case !s.section:
			err = array.end()
		}
		if err != nil {
			return dataset.Matrix{}, err
		}
	}
	if n == 0 {
		return dataset.Matrix{}, io.EOF
	}
	return block, nil
}

func (s *npySource) seek(first, n int64) error {
	s.section, s.row, s.end = true, first, first+n
	for k, array := range s.arrays {
		if len(s.chosen[k]) == 0 {
			continue
		}
		if err := array.seek(first); err != nil {
			return err
		}
	}
	return nil
}

func (s *npySource) seeks() bool {
	for k, array := range s.arrays {
		if len(s.chosen[k]) > 0 && array.random == nil {
			return false
		}
	}
	return true
}

func (s *npySource) sectionRows() (int64, error) { return leastSection, nil }

func (s *npySource) close() error {
	var err error
	for _, array := range s.arrays {
		err = errors.Join(err, array.close())
	}
	return errors.Join(err, s.file.Close())
}
