package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWithCharges(t *testing.T) {
	neutral := builtIn(t, "OCS")
	charged, err := neutral.WithCharges([]float64{1, 1.5, 2})
	require.NoError(t, err)
	assert.Equal(t, 1.5, charged.Atoms[1].Charge)
	assert.Zero(t, neutral.Atoms[1].Charge, "the original is untouched")
	_, err = neutral.WithCharges([]float64{1, 1})
	assert.EqualError(t, err, "explosion: charge OCS: 2 charges: want 3, for atoms [C O S]")
	_, err = neutral.WithCharges([]float64{1, math.NaN(), 1})
	assert.ErrorContains(t, err, "atom 2")
}

func TestNewMolecule(t *testing.T) {
	m, err := NewMolecule("water", []Atom{{Symbol: "18o"}, {Symbol: "D"}, {Symbol: "H", MassDalton: 1.5, Charge: 1}}, []float64{5, 5, 5, 6, 5, 5, 5, 6, 5}, Angstrom)
	require.NoError(t, err)
	assert.Equal(t, []string{"O", "D", "H"}, m.Symbols())
	assert.Equal(t, []Atom{{"O", 17.99915961214, 0}, {"D", 2.014101777844, 0}, {"H", 1.5, 1}}, m.Atoms)
	var centre vector
	for i, mass := range m.Masses() {
		centre = centre.add(vectorAt(m.Equilibrium, 3*i).scale(mass))
	}
	assert.InDelta(t, 0, centre.norm(), 1e-9)
	assert.InDelta(t, 1, vectorAt(m.Equilibrium, 3).sub(vectorAt(m.Equilibrium, 0)).norm()*BohrRadiusAngstrom, 1e-14)
	again, err := m.Complete()
	require.NoError(t, err)
	assert.Equal(t, m, again)
}

func TestCompleteRefusesWhatIsNoMolecule(t *testing.T) {
	mode := func(d ...float64) []Vibration { return []Vibration{{WavenumberPerCM: 2000, Displacement: d}} }
	for want, spoil := range map[string]func(*Molecule){
		"1 atoms: want at least 2":             func(m *Molecule) { m.Atoms = m.Atoms[:1] },
		`atom 2: explosion: parse atom "Q"`:    func(m *Molecule) { m.Atoms[1] = Atom{Symbol: "Q"} },
		`symbol "": want letters`:              func(m *Molecule) { m.Atoms[1] = Atom{Symbol: "12", MassDalton: 1} },
		`symbol "C-C"`:                         func(m *Molecule) { m.Atoms[1] = Atom{Symbol: "C-C", MassDalton: 1} },
		"mass of O is -1 Da":                   func(m *Molecule) { m.Atoms[1].MassDalton = -1 },
		"mass of O is NaN Da":                  func(m *Molecule) { m.Atoms[1].MassDalton = math.NaN() },
		"charge of O is +Inf":                  func(m *Molecule) { m.Atoms[1].Charge = math.Inf(1) },
		"equilibrium: 5 positions: want 6":     func(m *Molecule) { m.Equilibrium = m.Equilibrium[:5] },
		"equilibrium: positions: y of atom 1":  func(m *Molecule) { m.Equilibrium[1] = math.NaN() },
		"are at the same place":                func(m *Molecule) { m.Equilibrium = make([]float64, 6) },
		"vibration 1: wavenumber 0/cm":         func(m *Molecule) { m.Vibrations[0].WavenumberPerCM = 0 },
		"vibration 1: 3 displacement: want 6":  func(m *Molecule) { m.Vibrations = mode(1, 2, 3) },
		"vibration 1: displacement is zero":    func(m *Molecule) { m.Vibrations = mode(0, 0, 0, 0, 0, 0) },
		"vibration 1 moves the centre of mass": func(m *Molecule) { m.Vibrations = mode(1, 0, 0, 1, 0, 0) },
		"vibrations 1 and 2 are not orthogonal": func(m *Molecule) {
			m.Vibrations = append(m.Vibrations, m.Vibrations[0])
		},
	} {
		m := builtIn(t, "CO")
		spoil(&m)
		_, err := m.Complete()
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "explosion: check molecule CO: ")
	}
}

func TestWithIsotopes(t *testing.T) {
	m, err := builtIn(t, "OCS").WithIsotopes([]string{"13C", "18O", "s"})
	require.NoError(t, err)
	assert.Equal(t, []Atom{{"C", 13.00335483534, 0}, {"O", 17.99915961214, 0}, {"S", 32.06, 0}}, m.Atoms)
	assert.InDelta(t, 1.1562, bondLength(m, 0, 1), 1e-12)
	for want, symbols := range map[string][]string{
		"2 symbols: want 3":      {"C", "O"},
		"atom 1 is C, not 14N":   {"14N", "O", "S"},
		`parse atom "99C": no s`: {"99C", "O", "S"},
	} {
		_, err := m.WithIsotopes(symbols)
		assert.ErrorContains(t, err, want)
	}
	m.Vibrations = m.Vibrations[1:]
	_, err = m.WithIsotopes([]string{"C", "O", "S"})
	assert.ErrorContains(t, err, "3 vibrations: want all 4")
}

// A program may print a linear molecule askew, with few digits, and its modes.
func TestIsotopesOfALinearMoleculeAskew(t *testing.T) {
	m := builtIn(t, "OCS")
	want, err := m.WithIsotopes([]string{"13C", "18O", "34S"})
	require.NoError(t, err)
	turn := randomRotation(testRandom(8))
	printed := func(flat []float64, digits float64) {
		turn.turn(flat)
		for i := range flat {
			flat[i] = math.Round(flat[i]*digits) / digits
		}
	}
	printed(m.Equilibrium, 1e4)
	for _, v := range m.Vibrations {
		printed(v.Displacement, 1e3)
	}
	got, err := m.WithIsotopes([]string{"13C", "18O", "34S"})
	require.NoError(t, err)
	require.Len(t, got.Vibrations, 4)
	for k, v := range got.Vibrations {
		assert.InEpsilon(t, want.Vibrations[k].WavenumberPerCM, v.WavenumberPerCM, 1e-2)
	}
}

// Of a diatomic molecule the wavenumber goes as 1/√μ, and heavy water has the
// harmonic wavenumbers 2764, 1206 and 2889: W. S. Benedict, N. Gailar and E. K.
// Plyler, J. Chem. Phys. 24, 1139 (1956).
func TestIsotopesChangeVibrations(t *testing.T) {
	hcl := builtIn(t, "HCl")
	dcl, err := hcl.WithIsotopes([]string{"Cl", "D"})
	require.NoError(t, err)
	reduced := func(m Molecule) float64 {
		a, b := m.Masses()[0], m.Masses()[1]
		return a * b / (a + b)
	}
	want := hcl.Vibrations[0].WavenumberPerCM * math.Sqrt(reduced(hcl)/reduced(dcl))
	require.Len(t, dcl.Vibrations, 1)
	assert.InEpsilon(t, want, dcl.Vibrations[0].WavenumberPerCM, 1e-12)

	heavy, err := builtIn(t, "H2O").WithIsotopes([]string{"16O", "D", "D"})
	require.NoError(t, err)
	assertWavenumbers(t, heavy, 3e-3, 1206, 2764, 2889)
}

func builtIn(t *testing.T, name string) Molecule {
	t.Helper()
	m, err := LookupMolecule(name)
	require.NoError(t, err)
	return m
}

func bondLength(m Molecule, i, j int) float64 {
	return vectorAt(m.Equilibrium, 3*i).sub(vectorAt(m.Equilibrium, 3*j)).norm() * BohrRadiusAngstrom
}

func assertWavenumbers(t *testing.T, m Molecule, tolerance float64, want ...float64) {
	t.Helper()
	require.Len(t, m.Vibrations, len(want), m.Name)
	for i, v := range m.Vibrations {
		assert.InEpsilon(t, want[i], v.WavenumberPerCM, tolerance, "%s, mode %d", m.Name, i+1)
	}
}
