package explosion

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestForcesOfTwoUnlikeCharges(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"H", 1, 2}, {"H", 1, -3}}}
	positions := []float64{0, 0, 0, 0, 4, 0}
	forces, err := m.Forces(positions)
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 6. / 16, 0, 0, -6. / 16, 0}, forces)
	energy, err := m.PotentialEnergy(positions)
	require.NoError(t, err)
	assert.Equal(t, -1.5, energy)
}

func TestForcesAreTheNegativeGradient(t *testing.T) {
	random := testRandom(1)
	for n := 2; n <= 8; n++ {
		m := randomMolecule(random, n)
		m.Atoms[0].Charge *= -1
		forces, err := m.Forces(m.Equilibrium)
		require.NoError(t, err)
		for i := range m.Equilibrium {
			const h = 1e-4
			energyAt := func(x float64) float64 {
				positions := slices.Clone(m.Equilibrium)
				positions[i] += x
				energy, err := m.PotentialEnergy(positions)
				require.NoError(t, err)
				return energy
			}
			gradient := (8*(energyAt(h)-energyAt(-h)) - (energyAt(2*h) - energyAt(-2*h))) / (12 * h)
			assert.InDelta(t, -gradient, forces[i], 1e-8, "%d atoms, coordinate %d", n, i)
		}
		assert.InDelta(t, 0, total(forces).norm(), 1e-13)
		assert.InDelta(t, 0, angularMomentum(m.Equilibrium, forces).norm(), 1e-12)
	}
}

func TestForcesRefuseBadInput(t *testing.T) {
	m := Molecule{Name: "HH", Atoms: []Atom{{"H", 1, 1}, {"H", 1, 1}}}
	for want, positions := range map[string][]float64{
		"3 positions: want 6":   {0, 0, 0},
		"y of atom 1 (H)":       {0, math.Inf(1), 0, 0, 0, 0},
		"are at the same place": {1, 2, 3, 1, 2, 3},
	} {
		_, err := m.Forces(positions)
		assert.ErrorContains(t, err, want)
		_, err = m.PotentialEnergy(positions)
		assert.ErrorContains(t, err, want)
	}
}

func TestKineticEnergyRelease(t *testing.T) {
	assert.Equal(t, 0.5*25/2+0.5*4/8, KineticEnergyRelease([]float64{2, 8}, []float64{3, 0, 4, 0, 2, 0}))
	assert.True(t, math.IsNaN(KineticEnergyRelease([]float64{1}, []float64{1, 1})))
}
