package explosion

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testdata/explosions.py has made the file, by another program, in plain time and
// without a completion.
func TestAgainstSciPy(t *testing.T) {
	var cases []struct {
		MassesDalton   []float64 `json:"masses_dalton"`
		Charges        []float64
		Positions      []float64
		InitialMomenta []float64 `json:"initial_momenta"`
		FinalMomenta   []float64 `json:"final_momenta"`
	}
	text, err := os.ReadFile("testdata/explosions.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	for _, c := range cases {
		var m Molecule
		for i, mass := range c.MassesDalton {
			m.Atoms = append(m.Atoms, Atom{"X", mass, c.Charges[i]})
		}
		for _, method := range methods {
			for tolerance, accepted := range map[float64]float64{1e-12: 5e-11, 1e-6: 2e-6} {
				got := explode(t, Options{Method: method, Tolerance: tolerance}, m, c.Positions, c.InitialMomenta)
				assert.Less(t, distance(c.FinalMomenta, got), accepted, "%d atoms, %s at %g", len(m.Atoms), method, tolerance)
			}
		}
	}
}
