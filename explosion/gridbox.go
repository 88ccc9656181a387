package explosion

import "fmt"

// GridBox is the range of geometries that the axes of a grid span, its points and
// all between them, or that ranges of internal coordinates do.
type GridBox struct {
	ZMatrix     ZMatrix
	Equilibrium []float64 // coordinates of the z-matrix where no axis says otherwise
	Slots       []int     // of each axis: the index of its coordinate
	From, To    []float64 // of each axis, Bohr or radian; From may be above To
}

// NewGridBox returns the box of a grid's axes.
func NewGridBox(m Molecule, axes []GridAxis) (GridBox, error) {
	if _, err := checkGrid(m, axes); err != nil {
		return GridBox{}, fmt.Errorf("explosion: find range of grid: %w", err)
	}
	g, err := newGridMolecule(m, axes)
	if err != nil {
		return GridBox{}, fmt.Errorf("explosion: find range of grid: %w", err)
	}
	b := GridBox{ZMatrix: g.z, Equilibrium: g.coordinates, Slots: g.slots}
	for _, axis := range axes {
		b.From = append(b.From, axis.value(0))
		b.To = append(b.To, axis.value(axis.Count-1))
	}
	return b, nil
}
