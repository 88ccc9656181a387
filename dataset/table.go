package dataset

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// table reads the lines of one table.
type table struct {
	csv       *csv.Reader
	blanks    bool // columns are separated by blanks
	noHeader  bool
	first     []string
	firstLine int
	selection
}

func (t *table) read(o Layout) (*Events, error) {
	first, err := t.next()
	if errors.Is(err, io.EOF) {
		return nil, &TableError{Line: 1, Column: 1, Reason: "expected a table, found an empty file"}
	}
	if err != nil {
		return nil, err
	}
	t.first, t.noHeader = slices.Clone(first), o.NoHeader
	t.firstLine, _ = t.csv.FieldPos(0)
	if err := t.selectColumns(o); err != nil {
		return nil, t.wrong(0, "%w", err)
	}
	return t.events()
}

func (t *table) selectColumns(o Layout) (err error) {
	switch numbers := countNumbers(t.first); {
	case o.NoHeader && numbers == 0:
		err = fmt.Errorf("expected numbers in the first line, found %s (is it a header?)", list(t.first))
	case o.NoHeader:
		t.selection, err = o.selectByNumber(len(t.first))
	case numbers == len(t.first):
		err = errors.New("expected a header with the columns' names, found only numbers (for a table without one, say so: NoHeader, --no-header)")
	default:
		t.selection, err = o.selectByName(t.first)
	}
	if err != nil {
		return err
	}
	return t.selection.check(o.NeedPositions)
}

// next returns the fields of the next line, which has to be as wide as the first.
func (t *table) next() ([]string, error) {
	fields, err := t.csv.Read()
	for err == nil && len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
		fields, err = t.csv.Read()
	}
	if err != nil {
		return nil, err
	}
	if last := len(fields) - 1; t.blanks && fields[last] == "" {
		fields = fields[:last]
	}
	if t.first != nil && len(fields) != len(t.first) {
		at := min(len(fields), len(t.first)) // the first field too many
		if at == len(fields) {
			at--
		}
		return nil, t.wrong(at, "expected %d columns as in the first line, found %d", len(t.first), len(fields))
	}
	return fields, nil
}

func (t *table) events() (*Events, error) {
	e := &Events{Atoms: t.atoms, IgnoredColumns: len(t.first) - len(t.positions) - len(t.momenta)}
	e.PositionColumns, e.MomentumColumns = ColumnNames(t.atoms)
	if len(t.positions) == 0 {
		e.PositionColumns = nil
	}
	fields, err := t.first, error(nil)
	if !t.noHeader {
		fields, err = t.next()
	}
	for ; err == nil; fields, err = t.next() {
		if e.Positions.Data, err = t.parse(e.Positions.Data, fields, t.positions); err != nil {
			return nil, err
		}
		if e.Momenta.Data, err = t.parse(e.Momenta.Data, fields, t.momenta); err != nil {
			return nil, err
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return e, t.shape(e)
}

func (t *table) shape(e *Events) error {
	e.Momenta.Cols = len(t.momenta)
	e.Momenta.Rows = len(e.Momenta.Data) / e.Momenta.Cols
	if len(t.positions) > 0 {
		e.Positions.Rows, e.Positions.Cols = e.Momenta.Rows, len(t.positions)
	}
	if e.Len() == 0 {
		return &TableError{Line: t.firstLine + 1, Column: 1, Reason: "expected a line of numbers after the header, found the end of the file"}
	}
	return nil
}

// parse appends the numbers in the given columns to dst.
func (t *table) parse(dst []float64, fields []string, columns []int) ([]float64, error) {
	for _, i := range columns {
		v, err := strconv.ParseFloat(strings.TrimSpace(fields[i]), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return dst, t.wrong(i, "expected a finite number in column %s, found %s%s", t.columnName(i), excerpt(fields[i]), hint(fields[i], err))
		}
		dst = append(dst, v)
	}
	return dst, nil
}

func hint(field string, err error) string {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return ", which float64 cannot hold"
	case strings.Contains(field, ","):
		return " (decimals are written with a point, and one separator stands between columns)"
	}
	return ""
}

func (t *table) columnName(i int) string {
	if t.noHeader {
		return strconv.Itoa(i + 1)
	}
	return excerpt(strings.TrimSpace(t.first[i]))
}

// wrong returns an error at a field of the line read last.
func (t *table) wrong(field int, format string, args ...any) error {
	line, column := t.csv.FieldPos(field)
	return &TableError{Line: line, Column: column, Reason: fmt.Errorf(format, args...).Error()}
}

func countNumbers(fields []string) (numbers int) {
	for _, field := range fields {
		_, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err == nil || errors.Is(err, strconv.ErrRange) {
			numbers++
		}
	}
	return numbers
}
