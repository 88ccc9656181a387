//go:build hdf5

package table

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/cgo/hdf5"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
)

// hdf5Sink gathers rows until they fill a chunk of each dataset.
type hdf5Sink struct {
	out    *atomicfile.File
	file   hdf5.File
	parts  []hdf5Target
	most   int // rows of a chunk
	rows   int // that wait
	closed bool
}

// hdf5Target is a dataset that is written, and the columns that it takes.
type hdf5Target struct {
	dataset hdf5.Dataset
	name    string
	columns []int
	waiting []float64
}

func createHDF5(f *atomicfile.File, columns []string, m Metadata) (sink, error) {
	file, err := hdf5.Create(openablePath(f))
	if err != nil {
		return nil, err
	}
	const chunk, numbers = 1 << 14, 1 << 22 // rows of a chunk, numbers that wait at most
	s := &hdf5Sink{out: f, file: file, parts: hdf5Targets(columns), most: max(1, min(chunk, numbers/len(columns)))}
	if err := s.describe(columns, m); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

// openablePath returns a path under which a library can open a file that may not
// have a name yet.
func openablePath(f *atomicfile.File) string {
	path := fmt.Sprintf("/proc/self/fd/%d", f.Fd())
	if _, err := os.Stat(path); err != nil {
		return f.Name()
	}
	return path
}

// hdf5Targets deals the columns out to datasets.
func hdf5Targets(columns []string) (targets []hdf5Target) {
	vectors := map[string][]int{}
	for j, name := range columns {
		if array := arrayFor(name); array != "" {
			vectors[array] = append(vectors[array], j)
		} else {
			targets = append(targets, hdf5Target{name: datasetName(columns, j), columns: []int{j}})
		}
	}
	for _, name := range []string{positionsArray, momentaArray} {
		if len(vectors[name]) > 0 {
			targets = append(targets, hdf5Target{name: name, columns: vectors[name]})
		}
	}
	return targets
}

// datasetName returns what the dataset of a column is called: something else where
// the column's name cannot be a dataset's, which has it in its attribute of names.
func datasetName(columns []string, j int) string {
	name := columns[j]
	if !strings.Contains(name, "/") && name != "." && precedence(name) == 2 {
		return name
	}
	name = fmt.Sprintf("column_%d", j+1)
	for slices.Contains(columns, name) {
		name += "_"
	}
	return name
}

// describe writes all but the rows.
func (s *hdf5Sink) describe(columns []string, m Metadata) (err error) {
	for i := range s.parts {
		p := &s.parts[i]
		width, names := 0, make([]string, len(p.columns))
		for k, j := range p.columns {
			names[k] = columns[j]
		}
		if precedence(p.name) < 2 {
			width = len(names)
		}
		if p.dataset, err = s.file.CreateDataset(p.name, width, s.most); err == nil {
			err = p.dataset.SetTexts(columnNames, names)
		}
		if err != nil {
			return fmt.Errorf("dataset %s: %w", excerpt.Of(p.name), err)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if key == columnOrder {
			return fmt.Errorf("metadata %s: in HDF5 the name is taken", key)
		}
		if err := s.file.SetText(key, m[key]); err != nil {
			return fmt.Errorf("metadata %s: %w", excerpt.Of(key), err)
		}
	}
	return s.file.SetTexts(columnOrder, columns)
}

func (s *hdf5Sink) write(rows dataset.Matrix) error {
	for i := range rows.Rows {
		row := rows.Row(i)
		for k := range s.parts {
			p := &s.parts[k]
			for _, j := range p.columns {
				p.waiting = append(p.waiting, row[j])
			}
		}
		if s.rows++; s.rows == s.most {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *hdf5Sink) flush() error {
	for k := range s.parts {
		p := &s.parts[k]
		if err := p.dataset.Append(p.waiting); err != nil {
			return fmt.Errorf("dataset %s: %w", excerpt.Of(p.name), err)
		}
		p.waiting = p.waiting[:0]
	}
	s.rows = 0
	return nil
}

func (s *hdf5Sink) finish() error {
	if err := s.flush(); err != nil {
		return err
	}
	return s.close()
}

// close gives a full disk its space back, since the library holds on to the file.
func (s *hdf5Sink) close() error {
	s.closed = true
	err := s.file.Close()
	if err != nil {
		_ = s.out.Truncate(0) // the first error is the one to report
	}
	return err
}

func (s *hdf5Sink) discard() {
	if !s.closed {
		_ = s.close() // nothing of it is wanted
	}
}
