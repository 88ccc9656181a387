package dataset

import (
	"fmt"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"
)

// header is the first line of a table, understood.
type header struct {
	names   []string         // as written, without blanks around
	byName  map[string][]int // lower-case name to columns
	meaning map[column][]int // what parseColumn understood
	atoms   []string         // labels in order of first appearance
}

// selectByName finds the columns of a table with a header.
func (o Layout) selectByName(names []string) (s Columns, err error) {
	h, err := readHeader(names, knownAtoms(o.Atoms))
	if err != nil && len(o.Atoms)+len(o.Positions)+len(o.Momenta) == 0 {
		return s, err
	}
	if s.Atoms, err = o.atomsOf(h); err != nil {
		return s, err
	}
	if s.Momenta, err = h.find(o.Momenta, s.Atoms, true); err != nil {
		return s, err
	}
	if len(o.Positions) > 0 || o.NeedPositions || h.hasPositions(s.Atoms) {
		s.Positions, err = h.find(o.Positions, s.Atoms, false)
	}
	return s, err
}

// readHeader returns the header even where its atoms cannot be told apart.
func readHeader(names []string, known func(symbol string) bool) (header, error) {
	h := header{byName: map[string][]int{}, meaning: map[column][]int{}}
	var understood []column
	var columns []int
	for i, name := range names {
		name = strings.TrimSpace(name)
		h.names = append(h.names, name)
		h.byName[strings.ToLower(name)] = append(h.byName[strings.ToLower(name)], i)
		if c, ok := parseColumn(name, known); ok {
			understood, columns = append(understood, c), append(columns, i)
		}
	}
	raw := distinctAtoms(understood)
	labels, err := nameAtoms(raw)
	if err != nil {
		return h, err
	}
	h.atoms = labels
	labelOf := map[string]string{}
	for i, atom := range raw {
		labelOf[atom] = labels[i]
	}
	for i, c := range understood {
		c.atom = labelOf[c.atom]
		h.meaning[c] = append(h.meaning[c], columns[i])
	}
	return h, nil
}

func distinctAtoms(columns []column) (atoms []string) {
	seen := map[string]bool{}
	for _, c := range columns {
		if !seen[c.atom] {
			seen[c.atom] = true
			atoms = append(atoms, c.atom)
		}
	}
	return atoms
}

// atomsOf prefers the atoms that the layout names, then those in the names of
// the columns it asks for, then the header's.
func (o Layout) atomsOf(h header) ([]string, error) {
	if len(o.Atoms) > 0 {
		return nameAtoms(o.Atoms)
	}
	var asked []column
	for _, name := range append(o.Positions[:len(o.Positions):len(o.Positions)], o.Momenta...) {
		if c, ok := parseColumn(strings.TrimSpace(name), knownAtoms(nil)); ok {
			asked = append(asked, c)
		}
	}
	switch {
	case len(asked) > 0:
		return nameAtoms(distinctAtoms(asked))
	case len(o.Positions)+len(o.Momenta) > 0:
		return nil, fmt.Errorf("expected the atoms to be named, since the names of the columns asked for do not name them")
	case len(h.atoms) == 0:
		return nil, fmt.Errorf("expected columns such as px_C, py_C, pz_C or pcx, pcy, pcz, found none; %s", h)
	}
	return h.atoms, nil
}

func (h header) hasPositions(atoms []string) bool {
	for _, atom := range atoms {
		for _, axis := range axes {
			if len(h.meaning[column{atom: atom, axis: axis}]) > 0 {
				return true
			}
		}
	}
	return false
}

// find returns the columns asked for by name or, where none are, those that
// mean the coordinates of atoms.
func (h header) find(asked, atoms []string, momentum bool) (indices []int, err error) {
	var absent []string
	add := func(name string, found []int) {
		switch {
		case len(found) == 0:
			absent = append(absent, name)
		case len(found) > 1 && err == nil:
			err = fmt.Errorf("expected one column %s, but columns %d (%s) and %d (%s) are both it", excerpt.Of(name), found[0]+1, excerpt.Of(h.names[found[0]]), found[1]+1, excerpt.Of(h.names[found[1]]))
		default:
			indices = append(indices, found[0])
		}
	}
	for _, name := range asked {
		add(name, h.byName[strings.ToLower(strings.TrimSpace(name))])
	}
	if len(asked) == 0 {
		for _, atom := range atoms {
			for _, axis := range axes {
				c := column{momentum: momentum, atom: atom, axis: axis}
				add(columnName(c), h.meaning[c])
			}
		}
	}
	if err == nil && len(absent) > 0 {
		err = fmt.Errorf("expected columns %s, which are missing; %s", excerpt.List(absent), h)
	}
	return indices, err
}

func (h header) String() string { return "the header has " + excerpt.List(h.names) }
