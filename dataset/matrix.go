package dataset

import (
	"encoding/json"
	"fmt"
)

// Matrix is a dense matrix, row by row: element (i, j) is Data[i*Cols+j].
type Matrix struct {
	Rows int       `json:"rows"`
	Cols int       `json:"cols"`
	Data []float64 `json:"data"`
}

// NewMatrix returns a matrix [rows, cols] of zeros.
func NewMatrix(rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
}

// Row returns row i, sharing memory with the matrix.
func (m Matrix) Row(i int) []float64 {
	return m.Data[i*m.Cols : (i+1)*m.Cols : (i+1)*m.Cols]
}

// SelectRows returns a new matrix [len(rows), Cols] of the rows with the given
// indices, in their order; like a slice, it panics where one is out of range.
func (m Matrix) SelectRows(rows []int) Matrix {
	selected := NewMatrix(len(rows), m.Cols)
	for i, row := range rows {
		copy(selected.Row(i), m.Row(row))
	}
	return selected
}

// UnmarshalJSON reads a matrix and refuses one whose data do not fill its shape.
func (m *Matrix) UnmarshalJSON(text []byte) error {
	type plain Matrix
	if err := json.Unmarshal(text, (*plain)(m)); err != nil {
		return err
	}
	return m.check()
}

func (m Matrix) check() error {
	filled := len(m.Data) == 0
	if m.Cols > 0 { // by division, since a product of nonsense may overflow
		filled = len(m.Data)%m.Cols == 0 && len(m.Data)/m.Cols == m.Rows
	}
	if m.Rows < 0 || m.Cols < 0 || !filled {
		return fmt.Errorf("matrix [%d, %d] holds %d numbers", m.Rows, m.Cols, len(m.Data))
	}
	return nil
}

// scaled returns the matrix itself where factor is 1.
func (m Matrix) scaled(factor float64) Matrix {
	if factor == 1 {
		return m
	}
	out := NewMatrix(m.Rows, m.Cols)
	for i, v := range m.Data {
		out.Data[i] = factor * v
	}
	return out
}
