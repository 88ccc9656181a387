package explosion

import (
	"fmt"
	"math"
)

// Recipe is all that a table of simulated events depends on. The same recipe
// gives the same table to the bit, on the same machine, whatever the number of
// workers.
type Recipe struct {
	Molecule     string       `json:"molecule"` // a name that LookupMolecule knows
	Charges      []float64    `json:"charges"`  // elementary charges, one an atom
	Events       int          `json:"events"`
	Seed         uint64       `json:"seed"`
	Displacement Displacement `json:"displacement"`
	Integrator   Options      `json:"integrator"`
}

// DisplacementKind names a distribution of geometries around the equilibrium.
type DisplacementKind string

// DisplacementUniform moves every coordinate of every atom independently, with
// equal probability anywhere within ±Angstrom.
const DisplacementUniform DisplacementKind = "uniform"

// Displacement says how far the atoms are from their equilibrium when the
// molecule explodes. The zero value stands for uniform by up to 0.25 Å.
type Displacement struct {
	Kind     DisplacementKind `json:"kind"`
	Angstrom float64          `json:"angstrom"`
}

// Complete returns the recipe with every default written out, or an error that
// names what is wrong with it.
func (r Recipe) Complete() (Recipe, error) {
	r, _, err := r.complete()
	return r, err
}

func (r Recipe) complete() (Recipe, Molecule, error) {
	molecule, err := LookupMolecule(r.Molecule)
	if err != nil {
		return Recipe{}, Molecule{}, err
	}
	if molecule, err = molecule.WithCharges(r.Charges); err != nil {
		return Recipe{}, Molecule{}, err
	}
	if err := molecule.checkExplosive(); err != nil {
		return Recipe{}, Molecule{}, fmt.Errorf("explosion: check recipe for %s: %w", r.Molecule, err)
	}
	if r.Events < 0 {
		return Recipe{}, Molecule{}, fmt.Errorf("explosion: check recipe for %s: %d events: want 0 or more", r.Molecule, r.Events)
	}
	if r.Displacement, err = r.Displacement.complete(); err != nil {
		return Recipe{}, Molecule{}, fmt.Errorf("explosion: check recipe for %s: %w", r.Molecule, err)
	}
	if r.Integrator, err = r.Integrator.Complete(); err != nil {
		return Recipe{}, Molecule{}, err
	}
	return r, molecule, nil
}

func (d Displacement) complete() (Displacement, error) {
	if d == (Displacement{}) {
		return Displacement{Kind: DisplacementUniform, Angstrom: 0.25}, nil
	}
	if d.Kind != DisplacementUniform {
		return Displacement{}, fmt.Errorf("displacement %q: want %q", d.Kind, DisplacementUniform)
	}
	if !(d.Angstrom >= 0) || math.IsInf(d.Angstrom, 0) {
		return Displacement{}, fmt.Errorf("displacement of %g Å: want 0 or more", d.Angstrom)
	}
	return d, nil
}
