package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A nucleus of A nucleons weighs A Da within 0.13 %, but for the lightest, and a
// standard atomic weight lies between those of the isotopes, or is the only one.
func TestIsotopeMasses(t *testing.T) {
	for element, isotopes := range isotopeMasses {
		weight, ok := AtomicMass(element)
		require.True(t, ok, element)
		lightest, heaviest := math.Inf(1), 0.0
		for number, mass := range isotopes {
			assert.InDelta(t, number, mass, max(0.017, 1.3e-3*float64(number)), "%d%s", number, element)
			lightest, heaviest = min(lightest, mass), max(heaviest, mass)
		}
		if len(isotopes) == 1 {
			assert.InEpsilon(t, lightest, weight, 1e-6, element)
			continue
		}
		assert.Less(t, lightest, weight, element)
		assert.Less(t, weight, heaviest, element)
	}
}

// Abundances: J. Meija et al., Pure Appl. Chem. 88, 293 (2016).
func TestIsotopesAverageToTheAtomicWeight(t *testing.T) {
	for element, abundances := range map[string]map[string]float64{
		"H":  {"1H": 0.99985, "2H": 0.00015},
		"C":  {"12C": 0.9893, "13C": 0.0107},
		"O":  {"16O": 0.99757, "17O": 0.00038, "18O": 0.00205},
		"S":  {"32S": 0.9499, "33S": 0.0075, "34S": 0.0425, "36S": 0.0001},
		"Cl": {"35Cl": 0.7576, "37Cl": 0.2424},
		"Br": {"79Br": 0.5069, "81Br": 0.4931},
	} {
		mean := 0.0
		for isotope, abundance := range abundances {
			mass, ok := IsotopeMass(isotope)
			require.True(t, ok, isotope)
			mean += abundance * mass
		}
		weight, _ := AtomicMass(element)
		assert.InEpsilon(t, weight, mean, 2e-4, element)
	}
}

func TestParseAtom(t *testing.T) {
	for symbol, want := range map[string]Atom{
		"C": {Symbol: "C", MassDalton: 12.011}, "cl": {Symbol: "Cl", MassDalton: 35.45},
		"13C": {Symbol: "C", MassDalton: 13.00335483534}, "37CL": {Symbol: "Cl", MassDalton: 36.965902573},
		"D": {Symbol: "D", MassDalton: 2.014101777844}, "d": {Symbol: "D", MassDalton: 2.014101777844},
		"2H": {Symbol: "H", MassDalton: 2.014101777844}, " T ": {Symbol: "T", MassDalton: 3.01604928132},
	} {
		got, err := ParseAtom(symbol)
		require.NoError(t, err, symbol)
		assert.Equal(t, want, got, symbol)
	}
	for _, symbol := range []string{"", "13", "C13", "11C", "2D", "013X", "Xx", "Å", "99999999999999999999C", "+13C"} {
		_, err := ParseAtom(symbol)
		assert.ErrorContains(t, err, "parse atom", symbol)
	}
	_, err := ParseAtom("11c")
	assert.ErrorContains(t, err, "no such isotope is known: want C")
}
