package table

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
)

// format is a way to keep a table in a file.
type format struct {
	endings []string
	sidecar bool // metadata is kept in a file beside the table
	open    func(path string, o Options) (source, error)
	create  func(f *atomicfile.File, columns []string, m Metadata) (sink, error)
}

// source reads the rows of one open file.
type source interface {
	// header is known once the source is open.
	header() header
	// choose says which columns next shall give, and in which order; it is called
	// once, before the first next. An error names a column that is not numeric.
	choose(columns []int) error
	// next returns some of the next rows [n, chosen], n > 0, or io.EOF after the
	// last one. The rows are valid until the next call.
	next() (dataset.Matrix, error)
	close() error
}

// header is what a file says before its rows.
type header struct {
	columns  []string // in the file's order
	numeric  []bool   // whether a column holds numbers
	unnamed  bool     // the columns are only numbered, from "1"
	rows     int64    // -1 where it is not known
	line     int      // of a text where the header stands, counted from 1; 0 elsewhere
	metadata Metadata
}

// sink writes rows to one file.
type sink interface {
	// write takes rows [n, columns], which it must not keep. All are finite.
	write(rows dataset.Matrix) error
	// finish writes what is still to be written after the last row. It leaves the
	// file open.
	finish() error
	// discard frees what an unfinished sink holds, such as other temporary files.
	// It may be called after finish.
	discard()
}

// formats are tried in this order.
var formats = []format{textFormat, parquetFormat, npzFormat, npyFormat, hdf5Format}

// formatOf returns the format that a file's name asks for.
func formatOf(path string) (format, error) {
	name := strings.ToLower(filepath.Base(path))
	var known []string
	for _, f := range formats {
		for _, ending := range f.endings {
			if strings.HasSuffix(name, ending) {
				return f, nil
			}
		}
		known = append(known, f.endings...)
	}
	return format{}, fmt.Errorf("unknown format: want a name that ends in one of %s", strings.Join(known, " "))
}

// Known returns an error that lists the formats unless path ends in one of them.
func Known(path string) error {
	if _, err := formatOf(path); err != nil {
		return fmt.Errorf("table: %s: %w", path, err)
	}
	return nil
}
