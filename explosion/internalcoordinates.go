package explosion

import (
	"fmt"
	"math"
)

// leastSine is how far from one line three atoms must be that a dihedral refers
// to. The digits of positions built from the coordinates are about those of
// float64 less those of the sine.
const leastSine = 1e-6

// measure appends the coordinates [Dim] of positions [3N] to dst. It refuses what
// leaves one undefined.
func (z ZMatrix) measure(dst, positions []float64) ([]float64, error) {
	start := len(dst)
	for range z.Dim() {
		dst = append(dst, 0)
	}
	z.read(dst[start:], positions)
	return dst, z.checkDefined(dst[start:], positions)
}

// read writes the coordinates [Dim] of positions [3N]. A dihedral is anything where
// atoms that it refers to are on one line.
func (z ZMatrix) read(coordinates, positions []float64) {
	lengths, angles, dihedrals := z.parts(coordinates)
	for i, e := range z {
		if i > 0 {
			lengths[i-1] = between(positions, e.Atom, e.Bond).norm()
		}
		if i > 1 {
			angles[i-2] = angleAt(positions, e.Atom, e.Bond, e.Angle)
		}
		if i > 2 {
			dihedrals[i-3] = turnWithin(e.dihedral(positions), e.Branch)
		}
	}
}

func (z ZMatrix) checkDefined(coordinates, positions []float64) error {
	lengths, _, _ := z.parts(coordinates)
	tolerance := roundingError(positions)
	for i, e := range z {
		if i > 0 && !(lengths[i-1] > tolerance) {
			return fmt.Errorf("atoms %d and %d are at the same place", e.Atom+1, e.Bond+1)
		}
		if i > 2 {
			if err := e.checkLines(positions); err != nil {
				return err
			}
		}
	}
	if i := firstNonFinite(coordinates); i >= 0 {
		return fmt.Errorf("internal coordinate %d is undefined: two of its atoms are at the same place", i+1)
	}
	return nil
}

func (z ZMatrix) parts(coordinates []float64) (lengths, angles, dihedrals []float64) {
	a, b := z.Lengths(), z.FirstDihedral()
	return coordinates[:a], coordinates[a:b], coordinates[b:]
}

// checkLines refuses what leaves the dihedral undefined.
func (e ZEntry) checkLines(positions []float64) error {
	if e.leastSine(positions) > leastSine {
		return nil
	}
	return fmt.Errorf("the dihedral of atoms %d-%d-%d-%d is undefined, since three of them are on one line: a %q frame has no dihedrals",
		e.Atom+1, e.Bond+1, e.Angle+1, e.Dihedral+1, FrameBody)
}

// leastSine returns the smaller sine of the two angles that the dihedral refers
// to, 0 where atoms coincide.
func (e ZEntry) leastSine(positions []float64) float64 {
	near, far := angleAt(positions, e.Atom, e.Bond, e.Angle), angleAt(positions, e.Bond, e.Angle, e.Dihedral)
	if sine := min(math.Sin(near), math.Sin(far)); sine > 0 {
		return sine
	}
	return 0
}

// between returns the vector from atom i to atom j.
func between(positions []float64, i, j int) vector {
	return vectorAt(positions, 3*j).sub(vectorAt(positions, 3*i))
}

// angleAt returns the angle i–j–k in [0, π], to full accuracy near both ends.
func angleAt(positions []float64, i, j, k int) float64 {
	u, v := between(positions, j, i).unit(), between(positions, j, k).unit()
	return math.Atan2(u.cross(v).norm(), u.dot(v))
}

// dihedral returns the angle from the plane Atom–Bond–Angle to the plane
// Bond–Angle–Dihedral.
func (e ZEntry) dihedral(positions []float64) float64 {
	near := between(positions, e.Atom, e.Bond).unit()
	middle := between(positions, e.Bond, e.Angle).unit()
	far := between(positions, e.Angle, e.Dihedral).unit()
	normal := middle.cross(far)
	return math.Atan2(near.dot(normal), near.cross(middle).dot(normal))
}

// build appends the positions [3N] of coordinates [Dim] to dst: the first atom
// at the origin, the second on +x, the third in the xy-plane. Where atoms that a
// dihedral refers to are on one line, any plane through it takes the place of
// theirs.
func (z ZMatrix) build(dst, coordinates []float64) []float64 {
	start := len(dst)
	for range 3 * len(z) {
		dst = append(dst, 0)
	}
	positions := dst[start:]
	lengths, angles, dihedrals := z.parts(coordinates)
	for i, e := range z {
		switch i {
		case 0:
		case 1:
			vector{x: lengths[0]}.put(positions, 3*e.Atom)
		case 2:
			e.place(positions, vector{y: 1}, lengths[1], angles[0], 0)
		default:
			line := between(positions, e.Bond, e.Angle).unit()
			side := perpendicular(between(positions, e.Angle, e.Dihedral), line)
			if !(side.norm() > 0) {
				side = anyPerpendicular(line)
			}
			e.place(positions, side.unit(), lengths[i-1], angles[i-2], dihedrals[i-3])
		}
	}
	return dst
}

// place puts the atom where its length, angle and dihedral want it; side is the
// direction, perpendicular to the line from Bond to Angle, of dihedral 0.
func (e ZEntry) place(positions []float64, side vector, length, angle, dihedral float64) {
	line := between(positions, e.Bond, e.Angle).unit()
	sin, cos := math.Sincos(angle)
	turn, along := math.Sincos(dihedral)
	direction := side.scale(along).add(side.cross(line).scale(turn))
	direction = line.scale(cos).add(direction.scale(sin))
	vectorAt(positions, 3*e.Bond).add(direction.scale(length)).put(positions, 3*e.Atom)
}
