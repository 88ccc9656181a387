package dataset

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// RowWriter writes a table of comma-separated values row by row. Every number
// is as short as it can be and still read back to the bit.
type RowWriter struct {
	w       *bufio.Writer
	columns []string
	row     []byte
	rows    int
}

// NewRowWriter writes the header. Nothing is sure to be in w before Flush.
func NewRowWriter(w io.Writer, columns []string) (*RowWriter, error) {
	buffered := bufio.NewWriterSize(w, 1<<16)
	header := csv.NewWriter(buffered)
	if err := header.Write(columns); err != nil {
		return nil, fmt.Errorf("dataset: write header: %w", err)
	}
	header.Flush()
	if err := header.Error(); err != nil {
		return nil, fmt.Errorf("dataset: write header: %w", err)
	}
	return &RowWriter{w: buffered, columns: columns}, nil
}

// Write writes one row, given in one piece or several, such as positions and
// momenta. The error says which column a row falls short of, or holds NaN or an
// infinity in, which no reader would take; such a row is not written.
func (w *RowWriter) Write(pieces ...[]float64) error {
	w.row = w.row[:0]
	column := 0
	for _, piece := range pieces {
		for _, v := range piece {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("dataset: write row %d: number %d is %g: want a finite number", w.rows+1, column+1, v)
			}
			w.row = append(strconv.AppendFloat(w.row, v, 'g', -1, 64), ',')
			column++
		}
	}
	if column != len(w.columns) || column == 0 {
		return fmt.Errorf("dataset: write row %d: %d numbers: want %d", w.rows+1, column, len(w.columns))
	}
	w.row[len(w.row)-1] = '\n'
	if _, err := w.w.Write(w.row); err != nil {
		return fmt.Errorf("dataset: write row %d: %w", w.rows+1, err)
	}
	w.rows++
	return nil
}

// Flush writes what is still buffered.
func (w *RowWriter) Flush() error {
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("dataset: write row %d: %w", w.rows, err)
	}
	return nil
}

// WriteCSV writes events with the house's header. ReadCSV gives them back to
// the bit; units are not in the table, and have to be told to it.
func WriteCSV(w io.Writer, e *Events) error {
	if err := e.check(); err != nil {
		return err
	}
	positions, momenta := ColumnNames(e.Atoms)
	if !e.HasPositions() {
		positions = nil
	}
	rows, err := NewRowWriter(w, slices.Concat(positions, momenta))
	if err != nil {
		return err
	}
	for i := range e.Len() {
		var position []float64
		if e.HasPositions() {
			position = e.Positions.Row(i)
		}
		if err := rows.Write(position, e.Momenta.Row(i)); err != nil {
			return err
		}
	}
	return rows.Flush()
}
