package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"
)

// Plain reports whether the layout is of a plain table.
func (o Layout) Plain() bool { return len(o.Targets)+len(o.Conditions) > 0 }

// selectPlain finds targets and conditions. Columns that are not named are called
// by their numbers.
func (o Layout) selectPlain(columns []string, named bool) (s Columns, err error) {
	switch {
	case len(o.Conditions) == 0:
		return s, fmt.Errorf("expected conditions beside the targets %s, none were named", excerpt.List(o.Targets))
	case len(o.Targets) == 0 && o.NeedPositions:
		return s, fmt.Errorf("expected targets beside the conditions %s, none were named", excerpt.List(o.Conditions))
	}
	t := plainHeader{columns, named}
	if s.Momenta, err = t.find(o.Conditions); err != nil {
		return s, err
	}
	if !o.NeedPositions && !slices.ContainsFunc(o.Targets, func(name string) bool { return len(t.called(name)) > 0 }) {
		return s, nil
	}
	if s.Positions, err = t.find(o.Targets); err != nil {
		return s, err
	}
	for _, j := range s.Positions {
		if slices.Contains(s.Momenta, j) {
			return s, fmt.Errorf("expected other columns as targets than as conditions, but %s is both", excerpt.Of(columns[j]))
		}
	}
	return s, nil
}

// plainHeader is the names of a table's columns, taken as they are.
type plainHeader struct {
	columns []string
	named   bool
}

// called returns the columns of a name: those written like it or else, as in
// headers of molecules, those that differ in case alone.
func (h plainHeader) called(name string) (exact []int) {
	var alike []int
	name = strings.TrimSpace(name)
	for j, column := range h.columns {
		switch column = strings.TrimSpace(column); {
		case column == name:
			exact = append(exact, j)
		case strings.EqualFold(column, name):
			alike = append(alike, j)
		}
	}
	if len(exact) == 0 {
		return alike
	}
	return exact
}

func (h plainHeader) find(names []string) (indices []int, err error) {
	var absent []string
	for _, name := range names {
		switch found := h.called(name); len(found) {
		case 0:
			absent = append(absent, name)
		case 1:
			indices = append(indices, found[0])
		default:
			return nil, fmt.Errorf("expected one column %s, but columns %d and %d are both it", excerpt.Of(name), found[0]+1, found[1]+1)
		}
	}
	switch {
	case len(absent) > 0 && h.named:
		err = fmt.Errorf("expected columns %s, which are missing; the header has %s", excerpt.List(absent), excerpt.List(h.columns))
	case len(absent) > 0:
		err = fmt.Errorf("expected columns %s, which are missing; there is no header, and the columns are called %s", excerpt.List(absent), excerpt.List(h.columns))
	}
	return indices, err
}

// Names returns the names that the events of a table with these columns give to
// positions, nil where there are none, and momenta: the house's for atoms, and the
// table's own where it is plain.
func (s Columns) Names(columns []string) (positions, momenta []string) {
	if !s.plain() {
		positions, momenta = ColumnNames(s.Atoms)
		if len(s.Positions) == 0 {
			positions = nil
		}
		return positions, momenta
	}
	for _, j := range s.Positions {
		positions = append(positions, strings.TrimSpace(columns[j]))
	}
	for _, j := range s.Momenta {
		momenta = append(momenta, strings.TrimSpace(columns[j]))
	}
	return positions, momenta
}

func (s Columns) plain() bool { return len(s.Atoms) == 0 }
