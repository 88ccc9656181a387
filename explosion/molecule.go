package explosion

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Atom is one atom of a molecule, as an ion once Charge is set.
type Atom struct {
	Symbol     string  `json:"symbol"`      // the element's, such as C
	MassDalton float64 `json:"mass_dalton"` // the isotope's, or the standard atomic weight
	Charge     float64 `json:"charge"`      // elementary charges, fractions allowed
}

// Molecule is a list of atoms and the geometry they have at rest.
type Molecule struct {
	Name        string    `json:"name"`
	Atoms       []Atom    `json:"atoms"`
	Equilibrium []float64 `json:"equilibrium"` // Bohr, [3N]

	// Vibrations are the normal modes, all of them or those that matter; there
	// are none where they are not known.
	Vibrations []Vibration `json:"vibrations,omitempty"`
}

// NewMolecule returns a molecule of the atoms [N] at positions [3N] in a unit,
// moved to its centre of mass and completed as Complete does.
func NewMolecule(name string, atoms []Atom, positions []float64, unit LengthUnit) (Molecule, error) {
	m := Molecule{Name: name, Atoms: atoms, Equilibrium: make([]float64, len(positions))}
	for i, x := range positions {
		m.Equilibrium[i] = x * unit.Bohr
	}
	m, err := m.Complete()
	if err != nil {
		return Molecule{}, err
	}
	moveToCentreOfMass(m.Equilibrium, m.Masses())
	return m, nil
}

// Complete returns a copy of the molecule with a mass for every atom: where
// MassDalton is zero, that of the element or isotope that Symbol names (C, 13C,
// D). A mass number is taken off the symbol, which then names the element.
//
// It is an error if there are fewer than two atoms, positions are not three an
// atom, two atoms are at the same place, a mass is not positive, a number is not
// finite, or vibrations are not normal modes of the molecule.
func (m Molecule) Complete() (Molecule, error) {
	m, err := m.complete()
	if err != nil {
		return Molecule{}, fmt.Errorf("explosion: check %s: %w", strings.TrimSpace("molecule "+m.Name), err)
	}
	return m, nil
}

func (m Molecule) complete() (Molecule, error) {
	if len(m.Atoms) < 2 {
		return m, fmt.Errorf("%d atoms: want at least 2", len(m.Atoms))
	}
	atoms := slices.Clone(m.Atoms)
	for i := range atoms {
		if err := atoms[i].complete(); err != nil {
			return m, fmt.Errorf("atom %d: %w", i+1, err)
		}
	}
	m.Atoms = atoms
	if err := m.checkPositions(m.Equilibrium); err != nil {
		return m, fmt.Errorf("equilibrium: %w", err)
	}
	m.Equilibrium = slices.Clone(m.Equilibrium)
	return m, m.checkVibrations()
}

func (a *Atom) complete() error {
	if a.MassDalton == 0 {
		parsed, err := ParseAtom(a.Symbol)
		if err != nil {
			return err
		}
		a.Symbol, a.MassDalton = parsed.Symbol, parsed.MassDalton
	}
	a.Symbol = strings.TrimLeft(strings.TrimSpace(a.Symbol), "0123456789")
	if a.Symbol == "" || strings.Trim(strings.ToLower(a.Symbol), "abcdefghijklmnopqrstuvwxyz") != "" {
		return fmt.Errorf("symbol %q: want letters, such as C", a.Symbol)
	}
	if _, known := AtomicMass(a.Symbol); known {
		a.Symbol = canonicalSymbol(a.Symbol)
	}
	if !(a.MassDalton > 0) || math.IsInf(a.MassDalton, 0) {
		return fmt.Errorf("mass of %s is %g Da: want a positive number", a.Symbol, a.MassDalton)
	}
	if math.IsNaN(a.Charge) || math.IsInf(a.Charge, 0) {
		return fmt.Errorf("charge of %s is %g: want a finite number", a.Symbol, a.Charge)
	}
	return nil
}

// WithCharges returns a copy of the molecule whose atoms carry the charges [N],
// in elementary charges and in the order of the atoms.
func (m Molecule) WithCharges(charges []float64) (Molecule, error) {
	charged, err := m.withCharges(charges)
	if err != nil {
		return Molecule{}, fmt.Errorf("explosion: charge %s: %w", m.Name, err)
	}
	return charged, nil
}

func (m Molecule) withCharges(charges []float64) (Molecule, error) {
	if len(charges) != len(m.Atoms) {
		return Molecule{}, fmt.Errorf("%d charges: want %d, for atoms %v", len(charges), len(m.Atoms), m.Symbols())
	}
	if i := firstNonFinite(charges); i >= 0 {
		return Molecule{}, fmt.Errorf("charge of atom %d is %g: want a finite number", i+1, charges[i])
	}
	m.Atoms = slices.Clone(m.Atoms)
	for i := range m.Atoms {
		m.Atoms[i].Charge = charges[i]
	}
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
