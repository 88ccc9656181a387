package explosion

import "fmt"

// LookupMolecule returns a built-in molecule by its formula, neutral and at its
// equilibrium geometry. Known: OCS (atoms C, O, S).
func LookupMolecule(name string) (Molecule, error) {
	if name != "OCS" {
		return Molecule{}, fmt.Errorf("explosion: look up molecule %q: unknown: want OCS", name)
	}
	return ocs(), nil
}

// ocs is linear along x with sulfur on the +x side. The equilibrium bond lengths
// are those in use in the field, usually attributed to J.-G. Lahaye, R.
// Vandenhaute and A. Fayt, J. Mol. Spectrosc. 123, 48 (1987); a test holds them
// against the measured rotational constant.
func ocs() Molecule {
	const co, cs = 1.1562, 1.5614
	return newMolecule("OCS", []string{"C", "O", "S"}, []float64{
		0, 0, 0,
		-co, 0, 0,
		cs, 0, 0,
	})
}
