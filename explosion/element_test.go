package explosion

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAtomicMass(t *testing.T) {
	for symbol, want := range map[string]float64{
		"H": 1.008, "D": 2.0141, "T": 3.0160, "C": 12.011, "O": 15.999, "S": 32.06,
		"Cl": 35.45, "CL": 35.45, "c": 12.011, "Br": 79.904, "I": 126.90447, "U": 238.02891,
	} {
		got, ok := AtomicMass(symbol)
		assert.True(t, ok, symbol)
		assert.InDelta(t, want, got, 5e-5, symbol)
	}
	for _, symbol := range []string{"", "X", "Tc", "Og", "C1", "Å", "Carbon"} {
		_, ok := AtomicMass(symbol)
		assert.False(t, ok, symbol)
	}
}

// Argon, cobalt, tellurium and thorium are heavier than the element after them;
// otherwise weights grow with the atomic number.
func TestAtomicWeightsGrow(t *testing.T) {
	order := []string{
		"H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar",
		"K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
		"Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe",
		"Cs", "Ba", "La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu",
		"Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Th", "Pa", "U",
	}
	assert.Len(t, atomicWeights, len(order)+len("DT"))
	heavier := map[string]bool{"Ar": true, "Co": true, "Te": true, "Th": true}
	for i, symbol := range order[1:] {
		before, ok := AtomicMass(order[i])
		assert.True(t, ok, order[i])
		mass, ok := AtomicMass(symbol)
		assert.True(t, ok, symbol)
		assert.Equal(t, heavier[order[i]], before > mass, "%s and %s", order[i], symbol)
	}
}
