package dataset

import (
	"fmt"
	"strings"

	"github.com/gocei/gocei/explosion"
)

// Labels returns the names by which the atoms of one molecule are told apart.
// An element that occurs once is called by its symbol alone, so a number after
// it is dropped (C1 becomes C). The atoms of an element that occurs several
// times keep the numbers they come with, or are numbered from 1 in their order
// where none has one: H, O, H becomes H1, O, H2. Elements may be written in any
// case. Numbers on some of an element's atoms only, or twice the same, are an
// error.
func Labels(atoms []string) ([]string, error) {
	labels, err := nameAtoms(atoms)
	if err != nil {
		return nil, fmt.Errorf("dataset: name atoms: %w", err)
	}
	return labels, nil
}

func nameAtoms(atoms []string) ([]string, error) {
	total, numbered := map[string]int{}, map[string]int{}
	for _, atom := range atoms {
		symbol, number := splitLabel(atom)
		if symbol == "" {
			return nil, fmt.Errorf("%q: want an element's symbol such as C, or H1", atom)
		}
		total[symbol]++
		if number != "" {
			numbered[symbol]++
		}
	}
	labels := make([]string, len(atoms))
	seen, count := map[string]bool{}, map[string]int{}
	for i, atom := range atoms {
		symbol, number := splitLabel(atom)
		count[symbol]++
		switch {
		case total[symbol] == 1:
			number = ""
		case numbered[symbol] == 0:
			number = fmt.Sprint(count[symbol])
		case numbered[symbol] < total[symbol]:
			return nil, fmt.Errorf("%d of %d atoms %s have a number: want all or none", numbered[symbol], total[symbol], symbol)
		}
		labels[i] = symbol + number
		if seen[labels[i]] {
			return nil, fmt.Errorf("%s occurs twice: want different numbers", labels[i])
		}
		seen[labels[i]] = true
	}
	return labels, nil
}

// splitLabel writes the symbols of known elements as usual (cl becomes Cl) and
// leaves others alone.
func splitLabel(atom string) (symbol, number string) {
	atom = strings.TrimSpace(atom)
	symbol = strings.TrimRight(atom, "0123456789")
	number = atom[len(symbol):]
	if _, known := explosion.AtomicMass(symbol); known {
		symbol = strings.ToUpper(symbol[:1]) + strings.ToLower(symbol[1:])
	}
	return symbol, number
}

// ColumnNames returns the house's column names for atoms as Labels calls them:
// x_C, y_C, z_C, … and px_C, py_C, pz_C, …, three an atom each.
func ColumnNames(atoms []string) (positions, momenta []string) {
	for _, atom := range atoms {
		for _, axis := range axes {
			positions = append(positions, columnName(column{atom: atom, axis: axis}))
			momenta = append(momenta, columnName(column{momentum: true, atom: atom, axis: axis}))
		}
	}
	return positions, momenta
}
