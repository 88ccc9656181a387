package table

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/excerpt"
	"github.com/gocei/gocei/internal/nonfinite"
)

// Writer writes a table from its first row to its last. Nothing is to be seen of
// it before Commit.
type Writer struct {
	path    string
	columns []string
	file    *atomicfile.File
	sink    sink
	sidecar *sidecarFile // nil where it is not needed
	rows    int64
	buffer  dataset.Matrix // rows that WriteRow has gathered
	failed  error
}

// bufferedRows is how many rows WriteRow gathers before they are written.
const bufferedRows = 512

// Create starts a table with the given columns, whose names must differ and not
// be empty. The name of the file tells the format.
func Create(path string, columns []string, m Metadata) (*Writer, error) {
	f, err := formatOf(path)
	if err == nil {
		err = errors.Join(checkColumns(columns), checkMetadata(m))
	}
	if err != nil {
		return nil, fmt.Errorf("table: write %s: %w", path, err)
	}
	w := &Writer{path: path, columns: slices.Clone(columns), buffer: dataset.Matrix{Cols: len(columns)}}
	if w.file, err = atomicfile.Create(path); err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	if err := w.start(f, m); err != nil {
		_ = w.Close() // the first error is the one to report
		return nil, fmt.Errorf("table: write %s: %w", path, err)
	}
	return w, nil
}

func (w *Writer) start(f format, m Metadata) (err error) {
	if w.sink, err = f.create(w.file, w.columns, m); err == nil && f.sidecar {
		w.sidecar, err = newSidecar(w.path, m)
	}
	return err
}

func checkColumns(columns []string) error {
	if len(columns) == 0 {
		return errors.New("no columns are named")
	}
	seen := map[string]bool{}
	for _, name := range columns {
		if name == "" || seen[name] || !utf8.ValidString(name) {
			return fmt.Errorf("column %s: want names in UTF-8 that differ and are not empty", excerpt.Of(name))
		}
		seen[name] = true
	}
	return nil
}

// checkMetadata refuses what some formats would change and others would lose.
func checkMetadata(m Metadata) error {
	for key, text := range m {
		if !utf8.ValidString(key) || !utf8.ValidString(text) {
			return fmt.Errorf("metadata %s: want text in UTF-8", excerpt.Of(key))
		}
	}
	return nil
}

// Write writes rows [n, columns]. A number that is not finite is refused, and
// with it the rows.
func (w *Writer) Write(rows dataset.Matrix) error {
	if rows.Cols != len(w.columns) || len(rows.Data) != rows.Rows*rows.Cols {
		return fmt.Errorf("table: write %s: rows [%d, %d] of %d numbers: want %d columns", w.path, rows.Rows, rows.Cols, len(rows.Data), len(w.columns))
	}
	if i := nonfinite.Index(rows.Data); i >= 0 {
		return fmt.Errorf("table: write %s: row %d, column %s: %g: want a finite number",
			w.path, w.rows+int64(w.buffer.Rows+i/rows.Cols)+1, w.columns[i%rows.Cols], rows.Data[i])
	}
	if err := w.flush(); err != nil {
		return err
	}
	return w.write(rows)
}

// WriteRow writes one row, given in one piece or several, such as positions and
// momenta.
func (w *Writer) WriteRow(pieces ...[]float64) error {
	start := len(w.buffer.Data)
	for _, piece := range pieces {
		w.buffer.Data = append(w.buffer.Data, piece...)
	}
	row := w.buffer.Data[start:]
	i := nonfinite.Index(row)
	if len(row) != len(w.columns) || i >= 0 {
		w.buffer.Data = w.buffer.Data[:start]
		number := w.rows + int64(w.buffer.Rows) + 1
		if i >= 0 {
			return fmt.Errorf("table: write %s: row %d, number %d is %g: want a finite number", w.path, number, i+1, row[i])
		}
		return fmt.Errorf("table: write %s: row %d has %d numbers: want %d", w.path, number, len(row), len(w.columns))
	}
	w.buffer.Rows++
	if w.buffer.Rows < bufferedRows {
		return w.failed
	}
	return w.flush()
}

func (w *Writer) flush() error {
	if w.buffer.Rows == 0 {
		return w.failed
	}
	err := w.write(w.buffer)
	w.buffer.Rows, w.buffer.Data = 0, w.buffer.Data[:0]
	return err
}

// write remembers the first failure: what comes after it would leave a gap.
func (w *Writer) write(rows dataset.Matrix) error {
	if w.failed == nil && rows.Rows > 0 {
		if err := w.sink.write(rows); err != nil {
			w.failed = fmt.Errorf("table: write %s: row %d: %w", w.path, w.rows+1, err)
		}
		w.rows += int64(rows.Rows)
	}
	return w.failed
}

// Commit writes what is left and puts the table under its name. After an error
// the name holds what it held.
func (w *Writer) Commit() error {
	if err := w.flush(); err != nil {
		return err
	}
	w.failed = fmt.Errorf("table: write %s: the table has been committed", w.path)
	if err := w.sink.finish(); err != nil {
		return fmt.Errorf("table: write %s: %w", w.path, err)
	}
	if w.sidecar != nil {
		if err := w.sidecar.commit(w.file); err != nil {
			return fmt.Errorf("table: write %s: %w", w.path, err)
		}
	}
	if err := w.file.Commit(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	return nil
}

// Close frees what the writer holds, and discards a table that has not been
// committed. It may be called twice.
func (w *Writer) Close() error {
	if w.failed == nil {
		w.failed = fmt.Errorf("table: write %s: the writer is closed", w.path)
	}
	if w.sink != nil {
		w.sink.discard()
	}
	w.file.Discard()
	if w.sidecar != nil {
		w.sidecar.file.Discard()
	}
	return nil
}
