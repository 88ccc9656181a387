package explosion

import (
	"fmt"
	"math"
	"slices"
)

// ZMatrix says which lengths, angles and dihedrals make up a molecule of N
// atoms: each atom is placed by atoms placed before it. The coordinates that
// follow from it are N−1 lengths, N−2 angles and N−3 dihedrals, each in the
// order of the entries; angles and dihedrals are in radians.
//
// An angle lies in [0, π]. A dihedral has the sign of the IUPAC: positive where,
// looking along the bond in the middle, the far bond is clockwise of the near
// one (IUPAC Gold Book, "torsion angle"). It lies within π of its entry's
// Branch, so that a branch cut lies far from where the molecules are.
type ZMatrix []ZEntry

// ZEntry places one atom. Atoms are counted from 0; −1 stands for none, in what
// the first three entries lack.
type ZEntry struct {
	Atom     int     `json:"atom"`
	Bond     int     `json:"bond"`     // the length is from Atom to Bond
	Angle    int     `json:"angle"`    // the angle is Atom–Bond–Angle
	Dihedral int     `json:"dihedral"` // the dihedral is Atom–Bond–Angle–Dihedral
	Branch   float64 `json:"branch"`   // radians
}

// Dim returns the number of coordinates: 3N−6, and 1 for two atoms.
func (z ZMatrix) Dim() int { return z.Lengths() + z.angles() + z.dihedrals() }

// Lengths returns how many of the coordinates, the first ones, are lengths.
func (z ZMatrix) Lengths() int { return max(len(z)-1, 0) }

func (z ZMatrix) angles() int    { return max(len(z)-2, 0) }
func (z ZMatrix) dihedrals() int { return max(len(z)-3, 0) }

// FirstDihedral returns the index of the first coordinate that is a dihedral;
// those that follow it are dihedrals too.
func (z ZMatrix) FirstDihedral() int { return z.Lengths() + z.angles() }

// Names returns the names of the coordinates for atoms [N] by their labels:
// r_CO, r_CS, angle_OCS, dihedral_HCCF. Each names the end that comes first among
// the atoms first.
func (z ZMatrix) Names(atoms []string) []string {
	if z.check(len(atoms)) != nil {
		return nil
	}
	name := func(kind string, path ...int) string {
		if path[0] > path[len(path)-1] {
			slices.Reverse(path)
		}
		for _, atom := range path {
			kind += atoms[atom]
		}
		return kind
	}
	names := make([]string, z.Dim())
	for i, e := range z {
		if i > 0 {
			names[i-1] = name("r_", e.Atom, e.Bond)
		}
		if i > 1 {
			names[z.Lengths()+i-2] = name("angle_", e.Atom, e.Bond, e.Angle)
		}
		if i > 2 {
			names[z.FirstDihedral()+i-3] = name("dihedral_", e.Atom, e.Bond, e.Angle, e.Dihedral)
		}
	}
	return names
}

// Fold brings coordinates [Dim] that were drawn or computed into their ranges,
// in place, without changing the molecule: an angle beyond 0 or π goes back by
// the way it came, on the other side of the line. Negative lengths stay, since
// they tell of a model that does not know what a length is.
func (z ZMatrix) Fold(coordinates []float64) {
	if len(coordinates) != z.Dim() {
		return
	}
	angles, dihedrals := coordinates[z.Lengths():z.FirstDihedral()], coordinates[z.FirstDihedral():]
	for i, angle := range angles {
		if angle >= 0 && angle <= math.Pi {
			continue
		}
		angle = turnWithin(angle, 0) // in [−π, π]
		angles[i] = math.Abs(angle)
		if angle < 0 && i > 0 {
			dihedrals[i-1] += math.Pi
		}
	}
	for i := range dihedrals {
		dihedrals[i] = turnWithin(dihedrals[i], z[i+3].Branch)
	}
}

// turnWithin returns the angle within π of the branch, to the bit where it is
// there already.
func turnWithin(angle, branch float64) float64 {
	return angle - 2*math.Pi*math.Round((angle-branch)/(2*math.Pi))
}

// check reports an entry that would lead out of the molecule, or to an atom that
// is not yet placed.
func (z ZMatrix) check(atoms int) error {
	if len(z) != atoms {
		return fmt.Errorf("z-matrix of %d entries: want %d, one an atom", len(z), atoms)
	}
	placed := make([]int, 0, 16)
	for i, e := range z {
		if e.Atom < 0 || e.Atom >= atoms || slices.Contains(placed, e.Atom) {
			return fmt.Errorf("z-matrix entry %d places atom %d: want each of %d atoms once, counted from 0", i+1, e.Atom, atoms)
		}
		references := [3]int{e.Bond, e.Angle, e.Dihedral}
		for k, atom := range references[:min(i, 3)] {
			if !slices.Contains(placed, atom) || slices.Contains(references[:k], atom) {
				return fmt.Errorf("z-matrix entry %d refers to atoms %v: want different atoms placed before", i+1, references[:min(i, 3)])
			}
		}
		if math.IsNaN(e.Branch) || math.IsInf(e.Branch, 0) {
			return fmt.Errorf("z-matrix entry %d has its branch at %g: want a finite number", i+1, e.Branch)
		}
		placed = append(placed, e.Atom)
	}
	return nil
}
