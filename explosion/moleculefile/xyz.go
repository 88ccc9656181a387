package moleculefile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gocei/gocei/explosion"
)

func parseXYZ(content []byte) (explosion.Molecule, error) {
	text := strings.TrimRight(strings.TrimPrefix(string(content), "\ufeff"), " \t\r\n")
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	count, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || count < 0 {
		return explosion.Molecule{}, wrongAt(1, 1, "%.40q: want the number of atoms", lines[0])
	}
	lines = lines[min(2, len(lines)):]
	var atoms []explosion.Atom
	var positions []float64
	for i, line := range lines {
		if i >= count {
			return explosion.Molecule{}, wrongAt(i+3, 1, "more than %d atoms: want one molecule", count)
		}
		atom, position, err := parseXYZLine(line, i+3)
		if err != nil {
			return explosion.Molecule{}, err
		}
		atoms = append(atoms, atom)
		positions = append(positions, position[:]...)
	}
	if len(atoms) < count {
		return explosion.Molecule{}, wrongAt(len(lines)+3, 1, "the file ends after %d of %d atoms", len(atoms), count)
	}
	m, err := explosion.NewMolecule("", atoms, positions, explosion.Angstrom)
	if err != nil {
		return explosion.Molecule{}, wrongAt(0, 0, "%w", err)
	}
	return m, nil
}

func parseXYZLine(line string, number int) (atom explosion.Atom, position [3]float64, err error) {
	words, columns := fields(line)
	if len(words) < 4 {
		return atom, position, wrongAt(number, utf8.RuneCountInString(line)+1, "%d words: want a symbol, x, y and z", len(words))
	}
	if atom, err = explosion.ParseAtom(words[0]); err != nil {
		return atom, position, wrongAt(number, columns[0], "%w", err)
	}
	for k := range position {
		if position[k], err = strconv.ParseFloat(words[k+1], 64); err != nil {
			return atom, position, wrongAt(number, columns[k+1], "%.40q: want %c in Angstrom, a number", words[k+1], "xyz"[k])
		}
	}
	return atom, position, nil
}

// fields returns the words of a line and the columns at which they start, counted
// in characters from 1.
func fields(line string) (words []string, columns []int) {
	rest := line
	for {
		rest = strings.TrimLeft(rest, " \t\v\f\r")
		if rest == "" {
			return words, columns
		}
		end := strings.IndexAny(rest, " \t\v\f\r")
		if end < 0 {
			end = len(rest)
		}
		words = append(words, rest[:end])
		columns = append(columns, utf8.RuneCountInString(line[:len(line)-len(rest)])+1)
		rest = rest[end:]
	}
}
