package moleculefile

import (
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"github.com/gocei/gocei/explosion"
)

// description is a molecule as a YAML file has it.
type description struct {
	Name       string               `yaml:"name"`
	Unit       string               `yaml:"unit"`
	Atoms      []describedAtom      `yaml:"atoms"`
	Vibrations []describedVibration `yaml:"vibrations"`
}

type describedAtom struct {
	Symbol   string    `yaml:"symbol"`
	Position []float64 `yaml:"position"`
	Mass     *float64  `yaml:"mass"`
	Charge   float64   `yaml:"charge"`
}

type describedVibration struct {
	WavenumberPerCM float64   `yaml:"wavenumber_cm"`
	Displacement    []float64 `yaml:"displacement"`
}

func parseYAML(content []byte) (explosion.Molecule, error) {
	if line, column := deepNesting(content); line > 0 {
		return explosion.Molecule{}, wrongAt(line, column, "lists within lists, more than %d deep: want one molecule", maxNesting)
	}
	file, err := parser.ParseBytes(content, 0)
	if err != nil {
		return explosion.Molecule{}, placed(err)
	}
	root, err := onlyMapping(file)
	if err != nil {
		return explosion.Molecule{}, err
	}
	var d description
	if err := yaml.NodeToValue(root, &d, yaml.Strict()); err != nil {
		return explosion.Molecule{}, placed(err)
	}
	return d.molecule(document{root})
}

func (d description) molecule(at document) (explosion.Molecule, error) {
	unit, err := unitCalled(d.Unit)
	if err != nil {
		return explosion.Molecule{}, at.wrong("$.unit", "%w", err)
	}
	var atoms []explosion.Atom
	var positions []float64
	for i, a := range d.Atoms {
		if a.Mass != nil && *a.Mass == 0 {
			return explosion.Molecule{}, at.wrong(fmt.Sprintf("$.atoms[%d].mass", i), "mass 0: want a positive number, or none for that of the symbol")
		}
		atom, err := a.atom()
		if err != nil {
			return explosion.Molecule{}, at.wrong(fmt.Sprintf("$.atoms[%d].symbol", i), "%w", err)
		}
		if len(a.Position) != 3 {
			return explosion.Molecule{}, at.wrong(fmt.Sprintf("$.atoms[%d].position", i), "%d numbers: want position: [x, y, z]", len(a.Position))
		}
		atoms = append(atoms, atom)
		positions = append(positions, a.Position...)
	}
	m, err := explosion.NewMolecule(d.Name, atoms, positions, unit)
	if err != nil {
		return explosion.Molecule{}, at.wrong("$.atoms", "%w", err)
	}
	for _, v := range d.Vibrations {
		m.Vibrations = append(m.Vibrations, explosion.Vibration(v))
	}
	if m, err = m.Complete(); err != nil {
		return explosion.Molecule{}, at.wrong("$.vibrations", "%w", err)
	}
	return m, nil
}

// atom takes the mass as given, or else from the symbol.
func (a describedAtom) atom() (explosion.Atom, error) {
	atom := explosion.Atom{Symbol: a.Symbol, Charge: a.Charge}
	if a.Mass != nil {
		atom.MassDalton = *a.Mass
		return atom, nil
	}
	parsed, err := explosion.ParseAtom(a.Symbol)
	parsed.Charge = a.Charge
	return parsed, err
}

func unitCalled(name string) (explosion.LengthUnit, error) {
	if name == "" {
		return explosion.Angstrom, nil
	}
	return explosion.ParseLengthUnit(name)
}
