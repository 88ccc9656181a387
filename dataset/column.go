package dataset

import (
	"regexp"
	"strings"

	"github.com/gocei/gocei/explosion"
)

const axes = "xyz"

// column is what one column of a table means.
type column struct {
	momentum bool
	atom     string
	axis     rune
}

func columnName(c column) string {
	name := string(c.axis) + "_" + c.atom
	if c.momentum {
		name = "p" + name
	}
	return name
}

var (
	houseName   = regexp.MustCompile(`(?i)^(p?)([xyz])_(.+)$`)
	compactName = regexp.MustCompile(`(?i)^(p?)([a-z]+[0-9]*)([xyz])$`)
)

// parseColumn understands x_C and px_C, and cx and pcx, in any case; known says
// whether a symbol is an atom, so that a column called index is not. A p in
// front of another letter is always a momentum: pox is oxygen's, and positions
// of Pb have to be called x_Pb.
func parseColumn(name string, known func(symbol string) bool) (column, bool) {
	var p, axis, atom string
	if parts := houseName.FindStringSubmatch(name); parts != nil {
		p, axis, atom = parts[1], parts[2], parts[3]
	} else if parts := compactName.FindStringSubmatch(name); parts != nil {
		p, atom, axis = parts[1], parts[2], parts[3]
	}
	symbol, number := splitLabel(atom)
	if symbol == "" || !known(symbol) {
		return column{}, false
	}
	return column{momentum: p != "", atom: symbol + number, axis: rune(strings.ToLower(axis)[0])}, true
}

// knownAtoms accepts the elements and, beside them, the symbols of the atoms
// that a layout names.
func knownAtoms(atoms []string) func(symbol string) bool {
	named := map[string]bool{}
	for _, atom := range atoms {
		symbol, _ := splitLabel(atom)
		named[symbol] = true
	}
	return func(symbol string) bool {
		_, element := explosion.AtomicMass(symbol)
		return element || named[symbol]
	}
}
