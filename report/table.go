package report

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/dataset"
)

// errNothing says that there is nothing to draw.
var errNothing = errors.New("there is no row of finite numbers")

// checkTable refuses a table that has not a column for each of those named, or whose data do not fill its shape.
func checkTable(name string, m dataset.Matrix, columns int) error {
	switch {
	case columns == 0:
		return fmt.Errorf("%s: there are no columns", name)
	case m.Cols != columns:
		return fmt.Errorf("%s have %d columns: want %d", name, m.Cols, columns)
	case m.Rows < 0 || len(m.Data) != m.Rows*m.Cols:
		return fmt.Errorf("%s [%d, %d] hold %d numbers", name, m.Rows, m.Cols, len(m.Data))
	case m.Rows == 0:
		return fmt.Errorf("%s: %w", name, errNothing)
	}
	return nil
}

// usableRows returns the rows that are finite in all columns.
func usableRows(m dataset.Matrix) dataset.Matrix {
	var rows []int
	for i := range m.Rows {
		if allUsable(m.Row(i)) {
			rows = append(rows, i)
		}
	}
	return m.SelectRows(rows)
}

// thinned returns at most so many rows, evenly spaced.
func thinned(m dataset.Matrix, most int) dataset.Matrix {
	if m.Rows <= most {
		return m
	}
	rows := make([]int, most)
	for i := range rows {
		rows[i] = int(int64(i) * int64(m.Rows) / int64(most))
	}
	return m.SelectRows(rows)
}

// column returns a copy of column j.
func column(m dataset.Matrix, j int) []float64 {
	values := make([]float64, m.Rows)
	for i := range values {
		values[i] = m.Row(i)[j]
	}
	return values
}

// labels returns the atoms' names, those that occur twice with a number.
func labelsOf(atoms []string) []string {
	total, seen := map[string]int{}, map[string]int{}
	for _, a := range atoms {
		total[a]++
	}
	all := make([]string, len(atoms))
	for i, a := range atoms {
		if all[i] = a; total[a] > 1 {
			seen[a]++
			all[i] = fmt.Sprintf("%s(%d)", a, seen[a])
		}
	}
	return all
}
