package explosion

import (
	"fmt"
	"slices"
)

// WithIsotopes returns a copy of the molecule made of the isotopes [N], one an
// atom and in their order, as ParseAtom reads them: 13C, 18O and S for OCS of
// which sulfur keeps its standard atomic weight. Bond lengths and force constants
// stay, so that vibrations change with the masses; which is possible only if the
// molecule has all of its normal modes or none.
func (m Molecule) WithIsotopes(symbols []string) (Molecule, error) {
	atoms, err := m.substitute(symbols)
	isotopologue := m
	isotopologue.Atoms, isotopologue.Equilibrium = atoms, slices.Clone(m.Equilibrium)
	if err == nil {
		isotopologue.Vibrations, err = m.vibrationsWithMasses(isotopologue.Masses())
	}
	if err != nil {
		return Molecule{}, fmt.Errorf("explosion: substitute isotopes in %s: %w", m.Name, err)
	}
	moveToCentreOfMass(isotopologue.Equilibrium, isotopologue.Masses())
	return isotopologue, nil
}

func (m Molecule) substitute(symbols []string) ([]Atom, error) {
	if len(symbols) != len(m.Atoms) {
		return nil, fmt.Errorf("%d symbols: want %d, for atoms %v", len(symbols), len(m.Atoms), m.Symbols())
	}
	atoms := make([]Atom, len(symbols))
	for i, symbol := range symbols {
		atom, err := ParseAtom(symbol)
		if err != nil {
			return nil, err
		}
		if elementOf(atom.Symbol) != elementOf(m.Atoms[i].Symbol) {
			return nil, fmt.Errorf("atom %d is %s, not %s", i+1, m.Atoms[i].Symbol, symbol)
		}
		atom.Charge = m.Atoms[i].Charge
		atoms[i] = atom
	}
	return atoms, nil
}

// elementOf says that deuterium and tritium are hydrogen.
func elementOf(symbol string) string {
	if symbol == "D" || symbol == "T" {
		return "H"
	}
	return symbol
}
