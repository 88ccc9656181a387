//go:build hdf5

package hdf5

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"fmt"
	"math"
	"unsafe"
)

// Kind is what a dataset holds.
type Kind int

// The kinds of datasets. Floats of up to eight bytes and integers of up to four
// are Float64, which holds them exactly.
const (
	Other Kind = iota
	Float64
	Int64
	Uint64
)

// Dataset is a dataset of an open file. It is closed with it.
type Dataset struct {
	Name  string
	Kind  Kind
	Shape []uint64
	id    C.int64_t
}

// Dataset opens a dataset of the root group. One that lies in other files is Other:
// opening a file shall not read what else the user may read. So is one of a single
// value, of empty rows, or of rows too long for any table.
func (f File) Dataset(name string) (Dataset, error) {
	d, err := f.dataset(name, 0)
	if err != nil {
		return Dataset{}, err
	}
	var is C.shim_dataset
	if _, err := call(func(why *C.char) C.int64_t { return C.int64_t(C.shim_describe(d.id, &is, why)) }); err != nil {
		return Dataset{}, err
	}
	for _, n := range is.shape[:is.rank] {
		d.Shape = append(d.Shape, uint64(n))
	}
	if is.elsewhere != 0 || !d.hasRows() {
		return d, nil
	}
	d.Kind = Kind(is.kind)
	return f.cached(d, uint64(is.chunk[0]))
}

func (d Dataset) hasRows() bool {
	const most = 1 << 24
	if len(d.Shape) == 0 || d.Shape[0] > math.MaxInt64 {
		return false
	}
	columns := uint64(1)
	for _, n := range d.Shape[1:] {
		if n == 0 || n > most/columns {
			return false
		}
		columns *= n
	}
	return true
}

// cached opens a dataset again, with memory for the chunks that hold some rows:
// chunks that do not fit would be read again for the next rows.
func (f File) cached(d Dataset, rows uint64) (Dataset, error) {
	const usual, most = 1 << 20, 256 << 20 // bytes
	row := 8 * uint64(d.Columns())
	if rows*row <= usual {
		return d, nil
	}
	if rows > most/row {
		return Dataset{}, fmt.Errorf("expected chunks of at most %d MiB in dataset %s, found chunks of %d rows", most>>20, d.Name, rows)
	}
	if _, err := call(func(why *C.char) C.int64_t { return C.int64_t(C.shim_close_dataset(d.id, why)) }); err != nil {
		return Dataset{}, err
	}
	again, err := f.dataset(d.Name, C.size_t(rows*row+usual))
	d.id = again.id
	return d, err
}

func (f File) dataset(name string, cache C.size_t) (Dataset, error) {
	key, err := text(name)
	if err != nil {
		return Dataset{}, err
	}
	defer free(key)
	id, err := call(func(why *C.char) C.int64_t { return C.shim_open_dataset(f.id, key, cache, why) })
	return Dataset{Name: name, id: C.int64_t(id)}, err
}

// CreateDataset makes a dataset [0, columns] of float64 in the root group; [0]
// where columns is 0. Its rows are stored in chunks of so many.
func (f File) CreateDataset(name string, columns, chunk int) (Dataset, error) {
	key, err := text(name)
	if err != nil {
		return Dataset{}, err
	}
	defer free(key)
	id, err := call(func(why *C.char) C.int64_t {
		return C.shim_create_dataset(f.id, key, C.uint64_t(columns), C.uint64_t(chunk), why)
	})
	d := Dataset{Name: name, Kind: Float64, Shape: []uint64{0}, id: C.int64_t(id)}
	if columns > 0 {
		d.Shape = append(d.Shape, uint64(columns))
	}
	return d, err
}

// Columns returns how many numbers a row has.
func (d Dataset) Columns() int {
	columns := 1
	for _, n := range d.Shape[1:] {
		columns *= int(n)
	}
	return columns
}

// Number is what a dataset is read as: float64 for Float64, and the other kinds'
// own types.
type Number interface{ float64 | int64 | uint64 }

// Read reads rows [first, first+len(numbers)/Columns), each in the order of C.
func Read[T Number](d Dataset, first uint64, numbers []T) error {
	kind := kindOf[T]()
	rows := uint64(len(numbers) / d.Columns())
	if kind != d.Kind || len(numbers)%d.Columns() != 0 || first+rows > d.Shape[0] {
		return fmt.Errorf("rows %d to %d of dataset %s: want rows within its %d", first, first+rows, d.Name, d.Shape[0])
	}
	if rows == 0 {
		return nil
	}
	_, err := call(func(why *C.char) C.int64_t {
		return C.int64_t(C.shim_read(d.id, C.int(kind), C.uint64_t(first), C.uint64_t(rows), unsafe.Pointer(&numbers[0]), why))
	})
	return err
}

func kindOf[T Number]() Kind {
	switch any(T(0)).(type) {
	case int64:
		return Int64
	case uint64:
		return Uint64
	}
	return Float64
}

// Append writes rows after the last one.
func (d *Dataset) Append(numbers []float64) error {
	rows := uint64(len(numbers) / d.Columns())
	if rows == 0 {
		return nil
	}
	_, err := call(func(why *C.char) C.int64_t {
		return C.int64_t(C.shim_append(d.id, C.uint64_t(d.Shape[0]), C.uint64_t(rows), (*C.double)(&numbers[0]), why))
	})
	d.Shape[0] += rows
	return err
}

// Texts returns the list of texts in an attribute of the dataset; nil where it has
// no such list.
func (d Dataset) Texts(name string) ([]string, error) { return list(d.id, name) }

// SetTexts gives the dataset an attribute that is a list.
func (d Dataset) SetTexts(name string, values []string) error {
	return setTexts(d.id, name, values, len(values))
}
