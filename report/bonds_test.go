package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

func geometry(t *testing.T, molecule string) dataset.Matrix {
	t.Helper()
	m, err := explosion.LookupMolecule(molecule)
	require.NoError(t, err)
	return dataset.Matrix{Rows: 1, Cols: len(m.Equilibrium), Data: m.Equilibrium}
}

func TestBonds(t *testing.T) {
	for molecule, want := range map[string][][2]int{
		"OCS": {{0, 1}, {0, 2}},
		"H2O": {{0, 1}, {0, 2}},
		"CO2": {{0, 1}, {0, 2}},
	} {
		m, err := explosion.LookupMolecule(molecule)
		require.NoError(t, err)
		centre := 0
		for i, a := range m.Atoms {
			if molecule == "H2O" && a.Symbol == "O" || molecule != "H2O" && a.Symbol == "C" {
				centre = i
			}
		}
		bonds := bondsOf(geometry(t, molecule))
		assert.Len(t, bonds, len(want), molecule)
		for _, b := range bonds {
			assert.Contains(t, b[:], centre, molecule)
		}
	}
}

// The last bond of a ring is one too; a lone atom has none.
func TestBondsOfRings(t *testing.T) {
	ring := dataset.NewMatrix(1, 18)
	for i := range 6 {
		ring.Data[3*i], ring.Data[3*i+1] = 2.64*math.Cos(float64(i)*math.Pi/3), 2.64*math.Sin(float64(i)*math.Pi/3)
	}
	assert.Equal(t, [][2]int{{0, 1}, {0, 5}, {1, 2}, {2, 3}, {3, 4}, {4, 5}}, bondsOf(ring))
	assert.Empty(t, bondsOf(dataset.NewMatrix(1, 3)))
}

func TestInternals(t *testing.T) {
	c := dataset.Encoding{Atoms: []string{"C", "O", "S"}, PositionUnit: explosion.Bohr}
	at := geometry(t, "OCS")
	n := newInternals(c, bondsOf(at))
	assert.Equal(t, []Column{{"r_CO", "r(C–O)", "Å"}, {"r_CS", "r(C–S)", "Å"}, {"angle_OCS", "θ(O–C–S)", "°"}}, n.columns)
	values := n.of(at).Row(0)
	assert.InDeltaSlice(t, []float64{1.156, 1.561, 180}, values, 0.01)
	assert.Equal(t, []int{0, 1, 2}, n.fewest(5))
	assert.Equal(t, []int{0, 2}, n.fewest(2))
}
