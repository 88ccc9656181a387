package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	// NeedPositions refuses a table of momenta only.
	NeedPositions bool
}

// selection says which columns of a table are read: atoms' labels, and for
// each coordinate the index of its column.
type selection struct {
	atoms              []string
	positions, momenta []int // positions is empty for a table of momenta only
}

// selectByNumber finds the columns of a table without a header.
func (o Layout) selectByNumber(width int) (s selection, err error) {
	if len(o.Atoms) == 0 {
		return s, fmt.Errorf("expected the atoms to be named, since there is no header to name them")
	}
	if s.atoms, err = nameAtoms(o.Atoms); err != nil {
		return s, err
	}
	if len(o.Positions)+len(o.Momenta) > 0 {
		if s.positions, err = columnNumbers(o.Positions, width); err != nil {
			return s, err
		}
		s.momenta, err = columnNumbers(o.Momenta, width)
		return s, err
	}
	n := 3 * len(s.atoms)
	switch width {
	case n:
		s.momenta = count(0, n)
	case 2 * n:
		s.positions, s.momenta = count(0, n), count(n, n)
	default:
		return s, fmt.Errorf("expected %d columns (momenta of %s) or %d (positions, then momenta), found %d", n, strings.Join(s.atoms, ", "), 2*n, width)
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
			return nil, fmt.Errorf("expected a column number from 1 to %d, since there is no header, but column %s was asked for", width, excerpt(name))
		}
		indices[i] = number - 1
	}
	return indices, nil
}

// check holds the laws that every selection has to obey, however it was found.
func (s selection) check(needPositions bool) error {
	n := 3 * len(s.atoms)
	if len(s.positions) == 0 && needPositions {
		return fmt.Errorf("expected columns of positions beside the momenta of %s, found none", strings.Join(s.atoms, ", "))
	}
	if len(s.positions) != 0 && len(s.positions) != n {
		return fmt.Errorf("expected %d columns of positions for %s, but %d were asked for", n, strings.Join(s.atoms, ", "), len(s.positions))
	}
	if len(s.momenta) != n {
		return fmt.Errorf("expected %d columns of momenta for %s, but %d were asked for", n, strings.Join(s.atoms, ", "), len(s.momenta))
	}
	used := slices.Sorted(slices.Values(slices.Concat(s.positions, s.momenta)))
	for i := 1; i < len(used); i++ {
		if used[i] == used[i-1] {
			return fmt.Errorf("expected every column once, but column %d was asked for twice", used[i]+1)
		}
	}
	return nil
}
