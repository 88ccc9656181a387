package explosion

import "fmt"

// Build appends the positions [3N] in Bohr of coordinates [Dim] in Bohr and radians
// to dst: the first atom of the z-matrix at the origin, the second on +x, the third
// in the xy-plane. It is smooth in the coordinates, wherever they are: an angle
// beyond π leads to the other side of the line (see Fold). Frame.Cartesian goes on
// to the axes of the body frame.
func (z ZMatrix) Build(dst, coordinates []float64) ([]float64, error) {
	if len(coordinates) != z.Dim() {
		return dst, fmt.Errorf("explosion: build positions: %d internal coordinates: want %d for %d atoms", len(coordinates), z.Dim(), len(z))
	}
	return z.build(dst, coordinates), nil
}

// Measure appends the coordinates [Dim] of positions [3N] to dst, lengths in the
// unit of the positions and angles in radians. Atoms at the same place, and a
// dihedral of atoms on one line, are errors.
func (z ZMatrix) Measure(dst, positions []float64) ([]float64, error) {
	if len(positions) != 3*len(z) {
		return dst, fmt.Errorf("explosion: measure positions: %d numbers: want %d for %d atoms", len(positions), 3*len(z), len(z))
	}
	out, err := z.measure(dst, positions)
	if err != nil {
		return dst, fmt.Errorf("explosion: measure positions: %w", err)
	}
	return out, nil
}
