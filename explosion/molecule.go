package explosion

import "fmt"

// Atom is one atom of a molecule, as an ion once Charge is set.
type Atom struct {
	Symbol     string  `json:"symbol"`
	MassDalton float64 `json:"mass_dalton"`
	Charge     float64 `json:"charge"` // elementary charges, fractions allowed
}

// Molecule is a list of atoms and the geometry they have at rest.
type Molecule struct {
	Name        string    `json:"name"`
	Atoms       []Atom    `json:"atoms"`
	Equilibrium []float64 `json:"equilibrium"` // Bohr, [3N], centre of mass at the origin
}

// newMolecule makes a neutral molecule of standard atomic weights from positions
// [3N] in Angstrom.
func newMolecule(name string, symbols []string, angstrom []float64) Molecule {
	m := Molecule{Name: name, Equilibrium: make([]float64, len(angstrom))}
	for _, symbol := range symbols {
		mass, _ := AtomicMass(symbol)
		m.Atoms = append(m.Atoms, Atom{Symbol: symbol, MassDalton: mass})
	}
	for i, x := range angstrom {
		m.Equilibrium[i] = x * Angstrom.Bohr
	}
	moveToCentreOfMass(m.Equilibrium, m.Masses())
	return m
}

// WithCharges returns a copy of the molecule whose atoms carry the charges [N],
// in elementary charges and in the order of the atoms.
func (m Molecule) WithCharges(charges []float64) (Molecule, error) {
	if len(charges) != len(m.Atoms) {
		return Molecule{}, fmt.Errorf("explosion: charge %s: %d charges: want %d, for atoms %v", m.Name, len(charges), len(m.Atoms), m.Symbols())
	}
	if i := firstNonFinite(charges); i >= 0 {
		return Molecule{}, fmt.Errorf("explosion: charge %s: charge of atom %d is %g: want a finite number", m.Name, i+1, charges[i])
	}
	atoms := append([]Atom(nil), m.Atoms...)
	for i := range atoms {
		atoms[i].Charge = charges[i]
	}
	m.Atoms = atoms
	return m, nil
}

// Symbols returns the symbols of the atoms [N].
func (m Molecule) Symbols() []string {
	symbols := make([]string, len(m.Atoms))
	for i, atom := range m.Atoms {
		symbols[i] = atom.Symbol
	}
	return symbols
}

// Masses returns the masses of the atoms [N] in electron masses.
func (m Molecule) Masses() []float64 {
	masses := make([]float64, len(m.Atoms))
	for i, atom := range m.Atoms {
		masses[i] = atom.MassDalton * DaltonElectronMass
	}
	return masses
}
