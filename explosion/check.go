package explosion

import (
	"fmt"
	"math"
)

// checkExplosive reports what keeps the molecule from exploding.
func (m Molecule) checkExplosive() error {
	charged := 0
	for i, atom := range m.Atoms {
		if !(atom.MassDalton > 0) || math.IsInf(atom.MassDalton, 0) {
			return fmt.Errorf("mass of atom %d (%s) is %g Da: want a positive number", i+1, atom.Symbol, atom.MassDalton)
		}
		if math.IsNaN(atom.Charge) || math.IsInf(atom.Charge, 0) {
			return fmt.Errorf("charge of atom %d (%s) is %g: want a finite number", i+1, atom.Symbol, atom.Charge)
		}
		if atom.Charge != 0 {
			charged++
		}
		for j, other := range m.Atoms[:i] {
			if atom.Charge*other.Charge < 0 {
				return fmt.Errorf("atoms %d (%s) and %d (%s) attract each other: want charges of one sign", j+1, other.Symbol, i+1, atom.Symbol)
			}
		}
	}
	if charged < 2 {
		return fmt.Errorf("%d of %d atoms are charged: want at least 2", charged, len(m.Atoms))
	}
	return nil
}

func (m Molecule) checkPositions(positions []float64) error {
	if err := m.checkCoordinates("positions", positions); err != nil {
		return err
	}
	for j := range m.Atoms {
		for i := range j {
			if vectorAt(positions, 3*i) == vectorAt(positions, 3*j) {
				return fmt.Errorf("atoms %d (%s) and %d (%s) are at the same place", i+1, m.Atoms[i].Symbol, j+1, m.Atoms[j].Symbol)
			}
		}
	}
	return nil
}

func (m Molecule) checkCoordinates(what string, flat []float64) error {
	if len(flat) != 3*len(m.Atoms) {
		return fmt.Errorf("%d %s: want %d for %d atoms", len(flat), what, 3*len(m.Atoms), len(m.Atoms))
	}
	if i := firstNonFinite(flat); i >= 0 {
		return fmt.Errorf("%s: %c of atom %d (%s) is %g: want a finite number", what, "xyz"[i%3], i/3+1, m.Atoms[i/3].Symbol, flat[i])
	}
	return nil
}
