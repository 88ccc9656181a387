package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOCS(t *testing.T) {
	m, err := LookupMolecule("OCS")
	require.NoError(t, err)
	assert.Equal(t, []string{"C", "O", "S"}, m.Symbols())
	assert.InDeltaSlice(t, []float64{21894.71, 29164.39, 58441.80}, m.Masses(), 0.01)
	c, o, s := vectorAt(m.Equilibrium, 0), vectorAt(m.Equilibrium, 3), vectorAt(m.Equilibrium, 6)
	assert.InDelta(t, 1.1562, o.sub(c).norm()*BohrRadiusAngstrom, 1e-14)
	assert.InDelta(t, 1.5614, s.sub(c).norm()*BohrRadiusAngstrom, 1e-14)
	assert.Greater(t, s.x, c.x)
	assert.Less(t, o.x, c.x)
	for i, x := range m.Equilibrium {
		if i%3 != 0 {
			assert.Zero(t, x)
		}
	}
	masses := m.Masses()
	centre := masses[0]*c.x + masses[1]*o.x + masses[2]*s.x
	assert.InDelta(t, 0, centre, 1e-9)
}

// The rotational constant is what spectroscopy measures; the ground state's is
// 6081.49 MHz and vibration makes it about 0.3 % smaller than at equilibrium.
func TestOCSRotationalConstant(t *testing.T) {
	m, err := LookupMolecule("OCS")
	require.NoError(t, err)
	isotopes := []float64{12, 15.99491462, 31.97207117}
	positions := append([]float64(nil), m.Equilibrium...)
	moveToCentreOfMass(positions, isotopes)
	inertia := 0.0
	for i, mass := range isotopes {
		inertia += mass * math.Pow(positions[3*i]*BohrRadiusAngstrom, 2)
	}
	const megahertz = 505379.00 // h/8π² in MHz u Å²
	assert.InEpsilon(t, 6081.49*1.003, megahertz/inertia, 1e-3)
}

func TestLookupMoleculeRefusesTheUnknown(t *testing.T) {
	_, err := LookupMolecule("H2SO5")
	assert.ErrorContains(t, err, `"H2SO5"`)
	assert.ErrorContains(t, err, "OCS")
}

func TestLookupMoleculeGivesACopy(t *testing.T) {
	a, _ := LookupMolecule("OCS")
	a.Equilibrium[0], a.Atoms[0].Charge = 7, 7
	b, _ := LookupMolecule("OCS")
	assert.NotEqual(t, a.Equilibrium[0], b.Equilibrium[0])
	assert.Zero(t, b.Atoms[0].Charge)
}

func TestWithCharges(t *testing.T) {
	neutral, _ := LookupMolecule("OCS")
	charged, err := neutral.WithCharges([]float64{1, 1.5, 2})
	require.NoError(t, err)
	assert.Equal(t, 1.5, charged.Atoms[1].Charge)
	assert.Zero(t, neutral.Atoms[1].Charge, "the original is untouched")
	_, err = neutral.WithCharges([]float64{1, 1})
	assert.ErrorContains(t, err, "2 charges: want 3")
	_, err = neutral.WithCharges([]float64{1, math.NaN(), 1})
	assert.ErrorContains(t, err, "atom 2")
}
