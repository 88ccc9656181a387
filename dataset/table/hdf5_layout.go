//go:build hdf5

package table

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/cgo/hdf5"
)

const (
	columnNames    = "columns"          // attribute of a dataset
	columnOrder    = "cei_column_order" // attributes of the file
	atomsAttribute = "atoms"
)

// hdf5Layout says which columns the datasets of a file are.
type hdf5Layout struct {
	datasets []hdf5.Dataset
	columns  []hdf5Column
	rows     uint64
	unnamed  bool
	metadata Metadata
}

// hdf5Column is one of the numbers in a dataset's rows.
type hdf5Column struct {
	name           string
	why            string // not a number: what it is instead
	dataset, index int
}

func readHDF5Layout(f hdf5.File) (l hdf5Layout, err error) {
	if l.datasets, err = hdf5Datasets(f); err != nil {
		return l, err
	}
	atoms, err := f.Texts(atomsAttribute)
	if err != nil {
		return l, wrong("attribute %s: %w", atomsAttribute, err)
	}
	if err := l.addColumns(atoms); err != nil {
		return l, err
	}
	order, err := f.Texts(columnOrder)
	if err != nil {
		return l, wrong("attribute %s: %w", columnOrder, err)
	}
	l.sort(order)
	l.metadata, err = hdf5Texts(f)
	return l, err
}

// hdf5Datasets opens the datasets of the root group, positions and momenta first.
func hdf5Datasets(f hdf5.File) (datasets []hdf5.Dataset, err error) {
	names, err := f.DatasetNames()
	if err != nil {
		return nil, wrong("the file's datasets: %w", err)
	}
	slices.SortStableFunc(names, func(a, b string) int { return precedence(a) - precedence(b) })
	for _, name := range names {
		d, err := f.Dataset(name)
		if err != nil {
			return nil, wrong("dataset %s: %w", excerpt.Of(name), err)
		}
		datasets = append(datasets, d)
	}
	return datasets, nil
}

func precedence(dataset string) int {
	switch dataset {
	case positionsArray:
		return 0
	case momentaArray:
		return 1
	}
	return 2
}

// addColumns makes columns of the datasets. The first that holds numbers says how
// many rows there are.
func (l *hdf5Layout) addColumns(atoms []string) error {
	first := slices.IndexFunc(l.datasets, func(d hdf5.Dataset) bool { return d.Kind != hdf5.Other })
	if first >= 0 {
		l.rows = l.datasets[first].Shape[0]
	}
	vectors := 0 // columns of positions and momenta, which come first
	vectorsNamed, othersNamed := false, false
	for i, d := range l.datasets {
		if why := notColumns(d, l.rows); why != "" {
			l.columns = append(l.columns, hdf5Column{name: d.Name, why: why, dataset: i})
			continue
		}
		names, named, err := namesIn(d, atoms)
		if err != nil {
			return err
		}
		for index, name := range names {
			l.columns = append(l.columns, hdf5Column{name: name, dataset: i, index: index})
		}
		if precedence(d.Name) < 2 {
			vectors, vectorsNamed = len(l.columns), vectorsNamed || named
		} else {
			othersNamed = othersNamed || named
		}
	}
	switch {
	case vectors > 0 && !vectorsNamed:
		l.number(vectors)
	case vectors == 0 && first >= 0 && !othersNamed:
		l.number(len(l.columns))
	}
	return nil
}

func notColumns(d hdf5.Dataset, rows uint64) string {
	const most = 1 << 16 // columns
	switch {
	case d.Kind == hdf5.Other:
		return "a dataset of something else"
	case d.Shape[0] != rows:
		return fmt.Sprintf("a dataset of %d rows instead of %d", d.Shape[0], rows)
	case d.Columns() > most:
		return fmt.Sprintf("a dataset of %d numbers in a row", d.Columns())
	}
	return ""
}

// namesIn names the columns of a dataset; named says that the file does.
func namesIn(d hdf5.Dataset, atoms []string) (names []string, named bool, err error) {
	names, err = d.Texts(columnNames)
	switch {
	case err != nil:
		return nil, false, wrong("dataset %s: %w", excerpt.Of(d.Name), err)
	case names != nil && len(names) != d.Columns():
		return nil, false, wrong("dataset %s: expected %d names of columns, found %d", excerpt.Of(d.Name), d.Columns(), len(names))
	case names != nil:
		return names, true, nil
	case len(d.Shape) == 1:
		return []string{d.Name}, true, nil
	case precedence(d.Name) < 2 && d.Columns() == 3*len(atoms):
		return atomColumns(d.Name, atoms), true, nil
	}
	for i := range d.Columns() {
		names = append(names, fmt.Sprintf("%s_%d", d.Name, i+1))
	}
	return names, false, nil
}

func atomColumns(dataset string, atoms []string) (names []string) {
	prefix := ""
	if dataset == momentaArray {
		prefix = "p"
	}
	for _, atom := range atoms {
		for _, axis := range "xyz" {
			names = append(names, fmt.Sprintf("%s%c_%s", prefix, axis, atom))
		}
	}
	return names
}

// number calls the first n columns by their places.
func (l *hdf5Layout) number(n int) {
	l.unnamed = true
	for i := range n {
		l.columns[i].name = strconv.Itoa(i + 1)
	}
}

// sort puts the columns into an order that names all of them.
func (l *hdf5Layout) sort(order []string) {
	place := map[string]int{}
	for i, name := range order {
		place[name] = i
	}
	for _, c := range l.columns {
		if _, named := place[c.name]; !named || len(place) != len(l.columns) {
			return
		}
	}
	slices.SortStableFunc(l.columns, func(a, b hdf5Column) int { return place[a.name] - place[b.name] })
}
