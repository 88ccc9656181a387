package explosion

import (
	"fmt"
	"math"
)

// rotation holds the three axes of a right-handed frame as rows. Finding the
// axes and turning by them are two things, so that a frame may turn positions by
// the axes that the momenta define.
type rotation [3]vector

// axesOf returns the axes in which the atom axis[0] lies on +x and a second atom
// in the xy-plane with y > 0. The second is axis[1] or, where that lies on the x
// axis, the first atom that does not; plane is its index, -1 where there is none.
// Lengths up to tolerance count as zero.
func axesOf(event []float64, axis [2]int, tolerance float64) (axes rotation, plane int, err error) {
	first := vectorAt(event, 3*axis[0])
	if length := first.norm(); !(length > tolerance) || math.IsInf(length, 0) {
		return rotation{}, -1, fmt.Errorf("atom %d gives no direction for the x axis: its vector is (%g, %g, %g)", axis[0]+1, first.x, first.y, first.z)
	}
	x := first.unit()
	plane = firstOff(event, axis[1], x, tolerance)
	y := anyPerpendicular(x)
	if plane >= 0 {
		y = perpendicular(vectorAt(event, 3*plane), x).unit()
	}
	return rotation{x, y, x.cross(y)}, plane, nil
}

// firstOff returns the first atom farther than tolerance from the axis x, asking
// the preferred one before all others, or -1.
func firstOff(event []float64, preferred int, x vector, tolerance float64) int {
	off := func(atom int) bool {
		return perpendicular(vectorAt(event, 3*atom), x).norm() > tolerance
	}
	if off(preferred) {
		return preferred
	}
	for atom := range len(event) / 3 {
		if off(atom) {
			return atom
		}
	}
	return -1
}

// perpendicular returns the part of v that is perpendicular to the unit vector
// x. Near-parallel vectors lose digits to cancellation; projecting a second time
// restores orthogonality to the last bit that counts.
func perpendicular(v, x vector) vector {
	v = v.sub(x.scale(v.dot(x)))
	return v.sub(x.scale(v.dot(x)))
}

// anyPerpendicular returns a unit vector perpendicular to the unit vector x.
func anyPerpendicular(x vector) vector {
	e := vector{x: 1}
	if math.Abs(x.x) > 0.5 {
		e = vector{y: 1}
	}
	return perpendicular(e, x).unit()
}

// turn rewrites all vectors of an event in the rotation's axes.
func (r rotation) turn(event []float64) {
	for i := 0; i < len(event); i += 3 {
		v := vectorAt(event, i)
		vector{r[0].dot(v), r[1].dot(v), r[2].dot(v)}.put(event, i)
	}
}

// moveToCentreOfMass returns where the centre was.
func moveToCentreOfMass(positions, masses []float64) (centre vector) {
	total := 0.0
	for i, m := range masses {
		total += m
		centre = centre.add(vectorAt(positions, 3*i).scale(m))
	}
	centre = centre.scale(1 / total)
	for i := 0; i < len(positions); i += 3 {
		vectorAt(positions, i).sub(centre).put(positions, i)
	}
	return centre
}

// roundingError is the length below which a difference of these coordinates is
// no more than rounding.
func roundingError(flat []float64) float64 {
	const epsilon = 0x1p-52
	return 16 * epsilon * largestMagnitude(flat)
}

// rebuildingError is the same for coordinates built from lengths and angles,
// where rounding adds up from atom to atom.
func rebuildingError(flat []float64) float64 { return 256 * roundingError(flat) }
