package table

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/gocei/gocei/internal/excerpt"
)

// npzFormat is an archive of arrays of NumPy: positions and momenta, each
// [rows, columns] or [rows, atoms, 3], other columns as [rows] under their names or,
// in a file without positions and momenta, as [rows, columns] called theta_1,
// theta_2, …, and metadata, which holds the names of all columns and what the table says of
// itself as JSON. Where a file does not name its columns, they are numbered:
// positions first, then momenta.
var npzFormat = format{
	endings: []string{".npz"},
	open:    openNPZ,
	create:  createNPZ,
}

const metadataMember = "metadata"

func openNPZ(path string, _ Options) (source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &npySource{file: file}
	if err := s.readArchive(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func (s *npySource) readArchive() error {
	members, err := readMembers(s.file)
	if err != nil {
		return err
	}
	about, err := readNPZMetadata(members)
	if err != nil {
		return err
	}
	s.head.metadata = about.texts
	events, err := eventArrays(members)
	if err != nil {
		return err
	}
	others, err := columnArrays(members, events)
	if err == nil && len(events) == 0 {
		others, err = withWideArrays(members, others)
	}
	if err != nil {
		return err
	}
	for _, array := range slices.Concat(events, others) {
		s.add(array)
	}
	if len(s.arrays) == 0 {
		return wrong("expected arrays such as positions and momenta [rows, columns], found none")
	}
	s.numberColumns(events)
	if about.Columns != nil {
		err = s.nameColumns(about.Columns)
	}
	s.head.unnamed = about.Columns == nil && len(events) > 0 || slices.Equal(s.head.columns, columnNumbers(len(s.head.columns)))
	return err
}

// eventArrays returns the positions and the momenta, as far as they are there.
func eventArrays(members []npzMember) (events []*npyRows, err error) {
	for _, name := range []string{positionsArray, momentaArray} {
		i := slices.IndexFunc(members, func(m npzMember) bool { return m.name == name })
		if i < 0 {
			continue
		}
		array, err := members[i].array()
		if err != nil {
			return nil, err
		}
		if events = append(events, array); events[0].rows != array.rows {
			return nil, wrong("expected as many momenta as positions, found %d and %d rows", array.rows, events[0].rows)
		}
	}
	return events, nil
}

// columnArrays returns the other arrays that are one column. Beside positions or
// momenta, those of another length belong to something else.
func columnArrays(members []npzMember, events []*npyRows) (columns []*npyRows, err error) {
	for _, m := range members {
		if isReserved(m.name) {
			continue
		}
		a, err := m.header()
		if err != nil {
			return nil, err
		}
		if a.unsupported != nil || a.structured() || len(a.shape) != 1 || len(events) > 0 && a.shape[0] != events[0].rows {
			continue
		}
		array, err := m.array()
		if err != nil {
			return nil, err
		}
		array.columns[0].name = m.name
		if columns = append(columns, array); columns[0].rows != array.rows {
			return nil, wrong("expected columns of one length, found %d rows in %s and %d in %s", columns[0].rows, excerpt.Of(columns[0].member), array.rows, excerpt.Of(m.name))
		}
	}
	return columns, nil
}

// withWideArrays adds the arrays [rows, columns] of the columns' length, whose
// columns are numbered from 1 after the array's name. Those of another length belong
// to something else, as do those of more columns than a table has.
func withWideArrays(members []npzMember, columns []*npyRows) ([]*npyRows, error) {
	left := int64(1 << 16) // columns
	for _, m := range members {
		if isReserved(m.name) {
			continue
		}
		a, err := m.header()
		if err != nil {
			return nil, err
		}
		if a.unsupported != nil || a.structured() || len(a.shape) != 2 || a.shape[1] > left || len(columns) > 0 && a.shape[0] != columns[0].rows {
			continue
		}
		array, err := m.array()
		if err != nil {
			return nil, err
		}
		for j := range array.columns {
			array.columns[j].name = fmt.Sprintf("%s_%d", m.name, j+1)
		}
		left -= a.shape[1]
		columns = append(columns, array)
	}
	return columns, nil
}

// isReserved reports whether a member is not called after its column.
func isReserved(member string) bool {
	return member == positionsArray || member == momentaArray || member == metadataMember
}

// numberColumns numbers the columns of positions and momenta together.
func (s *npySource) numberColumns(events []*npyRows) {
	n := 0
	for _, array := range events {
		n += len(array.columns)
	}
	copy(s.head.columns, columnNumbers(n))
}

// nameColumns puts the columns in the order in which the file names them. Arrays
// that were added later follow under their own names.
func (s *npySource) nameColumns(names []string) error {
	left := map[string][]int{} // columns without a name yet, by member
	for j, place := range s.columns {
		left[place.array.member] = append(left[place.array.member], j)
	}
	var order []int
	for _, name := range names {
		member := memberFor(name)
		if len(left[member]) == 0 {
			return wrong("expected a column %s, which the member metadata names, found none", excerpt.Of(name))
		}
		j := left[member][0]
		left[member] = left[member][1:]
		s.head.columns[j] = name
		s.columns[j].array.columns[s.columns[j].column].name = name
		order = append(order, j)
	}
	if n := len(left[positionsArray]) + len(left[momentaArray]); n > 0 {
		return wrong("expected the member metadata to name all positions and momenta, found %d more columns", n)
	}
	for j, place := range s.columns {
		if len(left[place.array.member]) > 0 {
			order = append(order, j)
		}
	}
	s.columns, s.head.columns, s.head.numeric = inOrder(s.columns, order), inOrder(s.head.columns, order), inOrder(s.head.numeric, order)
	return nil
}

func inOrder[T any](values []T, order []int) []T {
	out := make([]T, len(order))
	for i, j := range order {
		out[i] = values[j]
	}
	return out
}
