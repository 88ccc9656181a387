//go:build hdf5

package table

import (
	"errors"
	"io"
	"io/fs"
	"unicode/utf8"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/cgo/hdf5"
	"github.com/gocei/gocei/dataset"
)

// hdf5Source reads all columns of a dataset where one is wanted: they lie side by
// side in the file.
type hdf5Source struct {
	file   hdf5.File
	layout hdf5Layout
	chosen []int
	parts  []hdf5Part // that hold chosen columns
	at     uint64     // the row that comes next
	end    uint64     // where the rows to read end
	block  int        // rows that are read at once
	rows   []float64
}

func openHDF5(path string, _ Options) (source, error) {
	f, err := hdf5.Open(path)
	var system *fs.PathError
	if errors.As(err, &system) {
		return nil, err
	}
	if err != nil {
		return nil, wrong("%w", err)
	}
	s := &hdf5Source{file: f}
	if s.layout, err = readHDF5Layout(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.end = s.layout.rows
	return s, nil
}

func (s *hdf5Source) header() header {
	h := header{unnamed: s.layout.unnamed, rows: int64(s.layout.rows), metadata: s.layout.metadata}
	for _, c := range s.layout.columns {
		h.columns = append(h.columns, c.name)
		h.numeric = append(h.numeric, c.why == "")
	}
	return h
}

func (s *hdf5Source) choose(columns []int) error {
	byDataset := map[int]int{}
	width := 0
	for to, j := range columns {
		c := s.layout.columns[j]
		if c.why != "" {
			return wrong("expected numbers in column %s, found %s", excerpt.Of(c.name), c.why)
		}
		at, known := byDataset[c.dataset]
		if !known {
			at = len(s.parts)
			byDataset[c.dataset] = at
			s.parts = append(s.parts, hdf5Part{dataset: s.layout.datasets[c.dataset]})
			width += s.parts[at].dataset.Columns()
		}
		s.parts[at].columns = append(s.parts[at].columns, slab{name: c.name, from: c.index, to: to})
	}
	const numbers = 1 << 17 // of a block
	s.chosen, s.block = columns, max(1, numbers/width)
	return nil
}

func (s *hdf5Source) next() (dataset.Matrix, error) {
	n := int(min(uint64(s.block), s.end-s.at))
	if n == 0 {
		return dataset.Matrix{}, io.EOF
	}
	if s.rows == nil {
		s.rows = make([]float64, s.block*len(s.chosen))
	}
	rows := dataset.Matrix{Rows: n, Cols: len(s.chosen), Data: s.rows[:n*len(s.chosen)]}
	for i := range s.parts {
		if err := s.parts[i].read(rows, s.at); err != nil {
			return dataset.Matrix{}, err
		}
	}
	s.at += uint64(n)
	return rows, nil
}

func (s *hdf5Source) seek(first, n int64) error {
	s.at, s.end = uint64(first), uint64(first+n)
	return nil
}

func (s *hdf5Source) seeks() bool { return true }

// sectionRows does not know how large a chunk the library unpacks at once.
func (s *hdf5Source) sectionRows() (int64, error) { return int64(s.block), nil }

func (s *hdf5Source) close() error { return s.file.Close() }

// hdf5Part is a dataset that holds chosen columns.
type hdf5Part struct {
	dataset hdf5.Dataset
	columns []slab
	floats  []float64
	signed  []int64
	large   []uint64
}

// slab is a column of a dataset and its place among the chosen ones.
type slab struct {
	name     string
	from, to int
}

func (p *hdf5Part) read(rows dataset.Matrix, first uint64) error {
	size := rows.Rows * p.dataset.Columns()
	switch p.dataset.Kind {
	case hdf5.Int64:
		return readPart(p, &p.signed, size, rows, first, func(v int64) (float64, bool) { return int64Kind.float(uint64(v)) })
	case hdf5.Uint64:
		return readPart(p, &p.large, size, rows, first, uint64Kind.float)
	}
	return readPart(p, &p.floats, size, rows, first, func(v float64) (float64, bool) { return v, true })
}

func readPart[T hdf5.Number](p *hdf5Part, buffer *[]T, size int, rows dataset.Matrix, first uint64, float func(T) (float64, bool)) error {
	if cap(*buffer) < size {
		*buffer = make([]T, size)
	}
	numbers := (*buffer)[:size]
	if err := hdf5.Read(p.dataset, first, numbers); err != nil {
		return wrongAt(int64(first)+1, "dataset %s: %w", excerpt.Of(p.dataset.Name), err)
	}
	width := p.dataset.Columns()
	for i := range rows.Rows {
		for _, c := range p.columns {
			v, exact := float(numbers[i*width+c.from])
			if !exact {
				return wrongAt(int64(first)+int64(i)+1, "expected an integer in column %s that a float64 holds exactly, found %v", excerpt.Of(c.name), numbers[i*width+c.from])
			}
			rows.Data[i*rows.Cols+c.to] = v
		}
	}
	return nil
}

// hdf5Texts returns the attributes of the file that hold one text.
func hdf5Texts(f hdf5.File) (Metadata, error) {
	names, err := f.AttributeNames()
	if err != nil {
		return nil, wrong("the file's attributes: %w", err)
	}
	var m Metadata
	for _, name := range names {
		text, there, err := f.Text(name)
		if err != nil {
			return nil, wrong("attribute %s: %w", excerpt.Of(name), err)
		}
		if !there || !utf8.ValidString(name+text) {
			continue
		}
		if m == nil {
			m = Metadata{}
		}
		m[name] = text
	}
	return m, nil
}
