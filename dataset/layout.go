package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/explosion"
)

// Layout says how to read a table whose header does not say it all. The zero
// value reads the house's header, or one like it, in atomic units: x_C, y_C,
// z_C, …, px_C, … or cx, cy, cz, …, pcx, …, in any order and case; atoms come in
// the header's order.
type Layout struct {
	// NoHeader says that the first line is an event. Atoms is then required, and
	// 3N columns are momenta, 6N are positions followed by momenta.
	NoHeader bool
	// Atoms are the atoms to read, in this order, named as Labels does.
	Atoms []string
	// Positions and Momenta name the columns to read, atom by atom, x y z within
	// each, instead of finding them by their names. Without a header they are
	// column numbers, counted from 1.
	Positions, Momenta []string
	// The units of the table; Bohr and atomic units where they are not given.
	PositionUnit explosion.LengthUnit
	MomentumUnit explosion.MomentumUnit
	// Targets and Conditions name the columns of a plain table, which has no atoms:
	// any columns, in this order, or numbers where they are only numbered. Nothing
	// but NoHeader and NeedPositions is looked at beside them. Where positions are
	// not needed, targets that are all missing are left out.
	Targets, Conditions []string
	// NeedPositions refuses a table of momenta only.
	NeedPositions bool
}

// Columns says which columns of a table mean what.
type Columns struct {
	Atoms     []string // as Labels calls them; none in a plain table
	Positions []int    // the columns of the positions [3N], or targets; empty for a table of momenta only
	Momenta   []int    // the columns of the momenta [3N], or conditions
}

// Find finds the columns of a table with these column names or, where it is
// not named, only numbered columns. The error says what was expected and what
// was found.
func (o Layout) Find(columns []string, named bool) (Columns, error) {
	find := o.selectByName
	switch {
	case o.Plain():
		find = func(columns []string) (Columns, error) { return o.selectPlain(columns, named) }
	case !named:
		find = func(columns []string) (Columns, error) { return o.selectByNumber(len(columns)) }
	}
	s, err := find(columns)
	if err != nil {
		return Columns{}, err
	}
	return s, s.check(o.NeedPositions)
}

// selectByNumber finds the columns of a table without a header.
func (o Layout) selectByNumber(width int) (s Columns, err error) {
	if len(o.Atoms) == 0 {
		return s, fmt.Errorf("expected the atoms to be named, since there is no header to name them")
	}
	if s.Atoms, err = nameAtoms(o.Atoms); err != nil {
		return s, err
	}
	if len(o.Positions)+len(o.Momenta) > 0 {
		if s.Positions, err = columnNumbers(o.Positions, width); err != nil {
			return s, err
		}
		s.Momenta, err = columnNumbers(o.Momenta, width)
		return s, err
	}
	n := 3 * len(s.Atoms)
	switch width {
	case n:
		s.Momenta = count(0, n)
	case 2 * n:
		s.Positions, s.Momenta = count(0, n), count(n, n)
	default:
		return s, fmt.Errorf("expected %d columns (momenta of %s) or %d (positions, then momenta), found %d", n, strings.Join(s.Atoms, ", "), 2*n, width)
	}
	return s, nil
}

func count(from, n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = from + i
	}
	return numbers
}

func columnNumbers(names []string, width int) ([]int, error) {
	indices := make([]int, len(names))
	for i, name := range names {
		number, err := strconv.Atoi(strings.TrimSpace(name))
		if err != nil || number < 1 || number > width {
			return nil, fmt.Errorf("expected a column number from 1 to %d, since there is no header, but column %s was asked for", width, excerpt.Of(name))
		}
		indices[i] = number - 1
	}
	return indices, nil
}

// check holds the laws that every selection has to obey, however it was found.
func (s Columns) check(needPositions bool) error {
	if !s.plain() {
		if err := s.checkAtoms(needPositions); err != nil {
			return err
		}
	}
	used := slices.Sorted(slices.Values(slices.Concat(s.Positions, s.Momenta)))
	for i := 1; i < len(used); i++ {
		if used[i] == used[i-1] {
			return fmt.Errorf("expected every column once, but column %d was asked for twice", used[i]+1)
		}
	}
	return nil
}

// checkAtoms wants three columns for every atom.
func (s Columns) checkAtoms(needPositions bool) error {
	n := 3 * len(s.Atoms)
	if len(s.Positions) == 0 && needPositions {
		return fmt.Errorf("expected columns of positions beside the momenta of %s, found none", strings.Join(s.Atoms, ", "))
	}
	if len(s.Positions) != 0 && len(s.Positions) != n {
		return fmt.Errorf("expected %d columns of positions for %s, but %d were asked for", n, strings.Join(s.Atoms, ", "), len(s.Positions))
	}
	if len(s.Momenta) != n {
		return fmt.Errorf("expected %d columns of momenta for %s, but %d were asked for", n, strings.Join(s.Atoms, ", "), len(s.Momenta))
	}
	return nil
}
