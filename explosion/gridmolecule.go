package explosion

import (
	"fmt"
	"math"
	"slices"
)

// gridMolecule builds a molecule from internal coordinates of which each axis of
// a grid is one. The others stay as they are at equilibrium.
type gridMolecule struct {
	z           ZMatrix
	coordinates []float64 // [z.Dim()]
	slots       []int     // indices of the axes' coordinates
	frame       rotation  // the z-matrix's axes at equilibrium
	masses      []float64
	built       []float64 // [3N], memory for place
}

// newGridMolecule expects axes that have been checked one by one.
func newGridMolecule(m Molecule, axes []GridAxis) (*gridMolecule, error) {
	references, err := referencesOf(axes)
	if err != nil {
		return nil, err
	}
	g := &gridMolecule{masses: m.Masses(), built: make([]float64, 0, len(m.Equilibrium))}
	entryOf := map[int]int{}
	for len(g.z) < len(m.Atoms) {
		atom := nextAtom(len(m.Atoms), references, entryOf)
		if atom < 0 {
			return nil, fmt.Errorf("the axes place atoms by each other in a circle: want each atom placed by atoms that do not depend on it")
		}
		entryOf[atom] = len(g.z)
		g.z = append(g.z, newGridEntry(m, g.z, atom, references[atom]))
	}
	for _, axis := range axes {
		entry := entryOf[axis.Atoms[len(axis.Atoms)-1]-1]
		first := []int{0, g.z.Lengths(), g.z.FirstDihedral()}[len(axis.Atoms)-2]
		g.slots = append(g.slots, first+entry-len(axis.Atoms)+1)
	}
	g.measureEquilibrium(m)
	return g, nil
}

// referencesOf returns, for each atom that an axis moves, the atoms it is placed
// by, nearest first.
func referencesOf(axes []GridAxis) (map[int][]int, error) {
	references := map[int][]int{}
	seen := map[[2]int]bool{} // atom and kind
	for k, axis := range axes {
		atom := axis.Atoms[len(axis.Atoms)-1] - 1
		var by []int
		for i := len(axis.Atoms) - 2; i >= 0; i-- {
			by = append(by, axis.Atoms[i]-1)
		}
		before := references[atom]
		common := min(len(by), len(before))
		if seen[[2]int{atom, len(by)}] || !slices.Equal(by[:common], before[:common]) {
			return nil, fmt.Errorf("axis %d: atom %d is placed by other axes already: want one distance, one angle at the same neighbour and one dihedral about both", k+1, atom+1)
		}
		seen[[2]int{atom, len(by)}] = true
		if len(by) > len(before) {
			references[atom] = by
		}
	}
	return references, nil
}

// nextAtom returns the first atom not placed whose references are, or -1.
func nextAtom(atoms int, references map[int][]int, placed map[int]int) int {
	missing := func(atom int) bool { _, ok := placed[atom]; return !ok }
	for atom := range atoms {
		if missing(atom) && !slices.ContainsFunc(references[atom], missing) {
			return atom
		}
	}
	return -1
}

// newGridEntry places an atom by those references that axes ask for, and then by
// near neighbours: of the atom, of its neighbour, of that one's.
func newGridEntry(m Molecule, before ZMatrix, atom int, references []int) ZEntry {
	references = slices.Clone(references)
	for len(references) < min(3, len(before)) {
		from := atom
		if k := len(references); k > 0 {
			from = references[k-1]
		}
		references = append(references, nearest(m, before, from, references))
	}
	for len(references) < 3 {
		references = append(references, -1)
	}
	return ZEntry{Atom: atom, Bond: references[0], Angle: references[1], Dihedral: references[2]}
}

// nearest returns the placed atom nearest to another at equilibrium, other than
// those in use; as a third reference, one off the line of the first two if there
// is any, since it has to tell the sides of that line apart.
func nearest(m Molecule, before ZMatrix, from int, inUse []int) int {
	best, shortest := -1, math.Inf(1)
	for _, e := range before {
		if slices.Contains(inUse, e.Atom) {
			continue
		}
		distance := between(m.Equilibrium, e.Atom, from).norm()
		if len(inUse) == 2 && math.Sin(angleAt(m.Equilibrium, inUse[0], inUse[1], e.Atom)) < leastSine {
			distance += 4 * largestMagnitude(m.Equilibrium) // more than any is from another
		}
		if distance < shortest {
			best, shortest = e.Atom, distance
		}
	}
	return best
}

// measureEquilibrium is also for molecules on a line, whose dihedrals may be
// anything: they place atoms on the line all the same.
func (g *gridMolecule) measureEquilibrium(m Molecule) {
	x := m.Equilibrium
	g.coordinates = make([]float64, g.z.Dim())
	g.z.read(g.coordinates, x)
	along := between(x, g.z[1].Bond, g.z[1].Atom).unit()
	side := anyPerpendicular(along)
	if len(g.z) > 2 {
		off := perpendicular(between(x, g.z[2].Bond, g.z[2].Atom), along)
		if off.norm() > roundingError(x) {
			side = off.unit()
		}
	}
	g.frame = rotation{along, side, along.cross(side)}
}

// place writes the positions [3N] that the coordinates give, around the centre of
// mass and lying as the equilibrium does.
func (g *gridMolecule) place(positions []float64) {
	g.built = g.z.build(g.built[:0], g.coordinates)
	for i := 0; i < len(positions); i += 3 {
		v := vectorAt(g.built, i)
		g.frame[0].scale(v.x).add(g.frame[1].scale(v.y)).add(g.frame[2].scale(v.z)).put(positions, i)
	}
	moveToCentreOfMass(positions, g.masses)
}
