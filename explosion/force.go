package explosion

import (
	"fmt"
	"math"
)

// pair is two ions that act on each other.
type pair struct {
	i, j          int     // where the atoms' x coordinates are
	chargeProduct float64 // positive where they repel
}

// pairsOf lists the pairs that interact, by the first atom and then the second;
// neutral atoms have none.
func pairsOf(atoms []Atom) []pair {
	var pairs []pair
	for i, a := range atoms {
		for j := i + 1; j < len(atoms); j++ {
			if b := atoms[j]; a.Charge != 0 && b.Charge != 0 {
				pairs = append(pairs, pair{i: 3 * i, j: 3 * j, chargeProduct: a.Charge * b.Charge})
			}
		}
	}
	return pairs
}

// difference returns the vector from atom j to atom i.
func (p *pair) difference(flat []float64) vector {
	return vectorAt(flat, p.i).sub(vectorAt(flat, p.j))
}

// push adds a vector to atom i and takes it from atom j, so that the total stays.
func (p *pair) push(flat []float64, v vector) {
	vectorAt(flat, p.i).add(v).put(flat, p.i)
	vectorAt(flat, p.j).sub(v).put(flat, p.j)
}

// coulombForces writes the forces [3N] at the positions [3N]: on atom i of each
// pair q₁q₂ d/|d|³, on atom j the opposite.
func coulombForces(forces, positions []float64, pairs []pair) {
	clear(forces)
	for k := range pairs {
		p := &pairs[k]
		d := p.difference(positions)
		square := d.dot(d)
		p.push(forces, d.scale(p.chargeProduct/(square*math.Sqrt(square))))
	}
}

func coulombEnergy(positions []float64, pairs []pair) float64 {
	energy := 0.0
	for k := range pairs {
		d := pairs[k].difference(positions)
		energy += pairs[k].chargeProduct / math.Sqrt(d.dot(d))
	}
	return energy
}

// Forces returns the Coulomb forces [3N] in Hartree per Bohr on the atoms at the
// positions [3N] in Bohr. Charges may have any sign.
func (m Molecule) Forces(positions []float64) ([]float64, error) {
	if err := m.checkPositions(positions); err != nil {
		return nil, fmt.Errorf("explosion: compute forces on %s: %w", m.Name, err)
	}
	forces := make([]float64, len(positions))
	coulombForces(forces, positions, pairsOf(m.Atoms))
	return forces, nil
}

// PotentialEnergy returns the Coulomb energy in Hartree of the atoms at the
// positions [3N] in Bohr. Charges may have any sign.
func (m Molecule) PotentialEnergy(positions []float64) (float64, error) {
	if err := m.checkPositions(positions); err != nil {
		return 0, fmt.Errorf("explosion: compute energy of %s: %w", m.Name, err)
	}
	return coulombEnergy(positions, pairsOf(m.Atoms)), nil
}

// KineticEnergyRelease returns the kinetic energy Σ p²/2m in Hartree of ions of
// the given masses [N] in electron masses (Molecule.Masses) and momenta [3N] in
// atomic units. It is the energy set free if the atoms were at rest and their
// total momentum is zero. NaN where the lengths do not match.
func KineticEnergyRelease(masses, momenta []float64) float64 {
	if len(momenta) != 3*len(masses) {
		return math.NaN()
	}
	energy := 0.0
	for i, p := range momenta {
		energy += p * p / (2 * masses[i/3])
	}
	return energy
}
