package explosion

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
)

// GridAxis is an internal coordinate of a grid and the values it takes: Count of
// them at equal distances from From to To, both included.
type GridAxis struct {
	// Atoms are counted from 1: two for their distance, three for the angle at the
	// second, four for the dihedral angle about the bond of the second and third.
	// The axis moves its last atom; see GeometryGrid.
	Atoms []int   `json:"atoms"`
	From  float64 `json:"from"` // Angstrom or degrees
	To    float64 `json:"to"`
	Count int     `json:"count"`
}

// value returns the i-th value in Bohr or radian.
func (a GridAxis) value(i int) float64 {
	x := a.From
	switch {
	case i == a.Count-1:
		x = a.To
	case i > 0:
		x += (a.To - a.From) * float64(i) / float64(a.Count-1)
	}
	if len(a.Atoms) == 2 {
		return x * Angstrom.Bohr
	}
	return x * math.Pi / 180
}

func (a GridAxis) check(atoms int) error {
	if len(a.Atoms) < 2 || len(a.Atoms) > 4 {
		return fmt.Errorf("%d atoms: want 2 for a distance, 3 for an angle or 4 for a dihedral", len(a.Atoms))
	}
	for i, atom := range a.Atoms {
		if atom < 1 || atom > atoms {
			return fmt.Errorf("atom %d: want 1 to %d", atom, atoms)
		}
		for _, other := range a.Atoms[:i] {
			if atom == other {
				return fmt.Errorf("atom %d twice: want different atoms", atom)
			}
		}
	}
	if a.Count < 1 {
		return fmt.Errorf("count %d: want 1 or more", a.Count)
	}
	if a.Count == 1 && a.From != a.To {
		return fmt.Errorf("count 1 from %g to %g: want more, or one value", a.From, a.To)
	}
	for _, x := range []float64{a.From, a.To} {
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0):
			return fmt.Errorf("value %g: want a finite number", x)
		case len(a.Atoms) == 2 && x <= 0:
			return fmt.Errorf("distance %g Å: want a positive number", x)
		case len(a.Atoms) == 3 && (x < 0 || x > 180):
			return fmt.Errorf("angle %g°: want 0 to 180", x)
		case len(a.Atoms) == 4 && math.Abs(x) > 360:
			return fmt.Errorf("dihedral %g°: want -360 to 360", x)
		}
	}
	return nil
}

// gridSize returns the number of grid points of axes that have been checked.
func gridSize(axes []GridAxis) (int, error) {
	size := uint64(1)
	for _, axis := range axes {
		high, low := bits.Mul64(size, uint64(axis.Count))
		if high > 0 || low > math.MaxInt {
			return 0, fmt.Errorf("more points than can be counted")
		}
		size = low
	}
	return int(size), nil
}

// checkGrid returns the number of points of a grid.
func checkGrid(m Molecule, axes []GridAxis) (int, error) {
	if len(axes) == 0 {
		return 0, fmt.Errorf("no axes: want at least one")
	}
	for i, axis := range axes {
		if err := axis.check(len(m.Atoms)); err != nil {
			return 0, fmt.Errorf("axis %d: %w", i+1, err)
		}
	}
	if _, err := newGridMolecule(m, axes); err != nil {
		return 0, err
	}
	return gridSize(axes)
}

// gridSampler expects axes that have been checked.
func gridSampler(m Molecule, axes []GridAxis) (geometrySampler, error) {
	g, err := newGridMolecule(m, axes)
	if err != nil {
		return nil, err
	}
	return func(_ *rand.Rand, index int, positions []float64) error {
		for k := len(axes) - 1; k >= 0; k-- {
			g.coordinates[g.slots[k]] = axes[k].value(index % axes[k].Count)
			index /= axes[k].Count
		}
		g.place(positions)
		return nil
	}, nil
}
