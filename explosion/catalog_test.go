package explosion

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

func TestOCS(t *testing.T) {
	m := builtIn(t, "OCS")
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
	assert.InDelta(t, 0, masses[0]*c.x+masses[1]*o.x+masses[2]*s.x, 1e-9)
}

// The rotational constants of the vibrational ground state are what spectroscopy
// measures, here in MHz, of the most abundant isotopologue. Those of the
// equilibrium differ by the vibrations, which is little for heavy atoms and 2 %
// for hydrogen. Diatomic molecules: Huber and Herzberg (1979), equilibrium
// constants, but for NO, C. Amiot, J. Mol. Spectrosc. 94, 150 (1982); methyl
// halides: W. J. Orville-Thomas, J. T. Cox and W. Gordy, J. Chem. Phys. 22, 1718
// (1954); the others: G. Herzberg, Electronic Spectra of Polyatomic Molecules
// (1966).
func TestRotationalConstants(t *testing.T) {
	const perCM = 29979.2458
	for _, want := range []struct {
		name      string
		tolerance float64
		megahertz []float64
	}{
		{"N2", 1e-4, []float64{1.99824 * perCM}},
		{"O2", 1e-4, []float64{1.44563 * perCM}},
		{"CO", 1e-4, []float64{1.93128 * perCM}},
		{"NO", 1e-3, []float64{1.70489 * perCM}},
		{"HCl", 1e-3, []float64{10.59342 * perCM}},
		{"OCS", 4e-3, []float64{6081.49}},
		{"CO2", 4e-3, []float64{0.39022 * perCM}},
		{"CS2", 4e-3, []float64{0.10911 * perCM}},
		{"N2O", 6e-3, []float64{0.41901 * perCM}},
		{"HCN", 6e-3, []float64{44315.97}},
		{"C2H2", 6e-3, []float64{1.17665 * perCM}},
		{"H2O", 3e-2, []float64{27.877 * perCM, 14.512 * perCM, 9.285 * perCM}},
		{"H2S", 3e-2, []float64{10.374 * perCM, 8.991 * perCM, 4.732 * perCM}},
		{"SO2", 6e-3, []float64{60778.5, 10318.1, 8799.7}},
		{"NH3", 3e-2, []float64{9.9443 * perCM, 9.9443 * perCM, 6.196 * perCM}},
		{"CH4", 2e-2, []float64{5.2412 * perCM, 5.2412 * perCM, 5.2412 * perCM}},
		{"CH3Cl", 1e-2, []float64{math.Inf(1), 13292.86, 13292.86}},
		{"CH3I", 1e-2, []float64{math.Inf(1), 7501.30, 7501.30}},
	} {
		got := rotationalConstants(t, builtIn(t, want.name))
		for i, constant := range want.megahertz {
			if !math.IsInf(constant, 0) {
				assert.InEpsilon(t, constant, got[i], want.tolerance, "%s, constant %d", want.name, i+1)
			}
		}
	}
}

// rotationalConstants in MHz, largest first, without the infinite one of linear
// molecules, for the most abundant isotopes.
func rotationalConstants(t *testing.T, m Molecule) []float64 {
	t.Helper()
	abundant := map[string]string{"H": "1H", "C": "12C", "N": "14N", "O": "16O", "F": "19F", "S": "32S", "Cl": "35Cl", "Br": "79Br", "I": "127I"}
	var symbols []string
	for _, symbol := range m.Symbols() {
		symbols = append(symbols, abundant[symbol])
	}
	m, err := m.WithIsotopes(symbols)
	require.NoError(t, err)
	inertia := mat.NewSymDense(3, nil)
	for i, atom := range m.Atoms {
		x := mat.NewVecDense(3, slices.Clone(m.Equilibrium[3*i:3*i+3]))
		x.ScaleVec(BohrRadiusAngstrom, x)
		inertia.SymRankOne(inertia, -atom.MassDalton, x)
		for k := range 3 {
			inertia.SetSym(k, k, inertia.At(k, k)+atom.MassDalton*mat.Dot(x, x))
		}
	}
	var eigen mat.EigenSym
	require.True(t, eigen.Factorize(inertia, false))
	var constants []float64
	for _, moment := range eigen.Values(nil) {
		if moment > 1e-6 {
			constants = append(constants, 505379.0/moment) // h/8π² in MHz u Å²
		}
	}
	return constants
}

// Harmonic wavenumbers where they are known; OCS against fundamentals, which its
// force constants were fitted to: T. Shimanouchi, NSRDS-NBS 39 (1972).
func TestVibrationsOfTheCatalog(t *testing.T) {
	abundant := func(name string, symbols ...string) Molecule {
		m, err := builtIn(t, name).WithIsotopes(symbols)
		require.NoError(t, err)
		return m
	}
	assertWavenumbers(t, abundant("N2", "14N", "14N"), 1e-5, 2358.57)
	assertWavenumbers(t, abundant("O2", "16O", "16O"), 1e-5, 1580.19)
	assertWavenumbers(t, abundant("CO", "12C", "16O"), 1e-5, 2169.81)
	assertWavenumbers(t, abundant("NO", "14N", "16O"), 1e-5, 1904.20)
	assertWavenumbers(t, abundant("HCl", "35Cl", "1H"), 1e-5, 2990.95)
	assertWavenumbers(t, abundant("CO2", "12C", "16O", "16O"), 1e-3, 672.9, 672.9, 1354.3, 2396.3)
	assertWavenumbers(t, abundant("OCS", "12C", "16O", "32S"), 2.5e-2, 520, 520, 859, 2062)
	assertWavenumbers(t, abundant("H2O", "16O", "1H", "1H"), 1e-3, 1648.5, 3832.2, 3942.5)
}

// Reading modes back finds them orthogonal and free of translation, and solving
// the force constants that they stand for finds them again.
func TestModesAndForceConstantsAreOneAnother(t *testing.T) {
	for _, name := range Molecules() {
		m := builtIn(t, name)
		require.NoError(t, m.checkVibrations())
		again, err := m.vibrationsWithMasses(m.Masses())
		require.NoError(t, err)
		for k, v := range m.Vibrations {
			assert.InEpsilon(t, v.WavenumberPerCM, again[k].WavenumberPerCM, 1e-9, name)
		}
		for j, a := range m.Vibrations {
			for k, b := range m.Vibrations {
				want := 0.0
				if j == k {
					want = 1
				}
				assert.InDelta(t, want, innerProduct(a.shape(m.Masses()), b.shape(m.Masses())), 1e-9, name)
			}
			assert.Less(t, translation(a.shape(m.Masses()), m.Masses()), 1e-9, name)
		}
	}
}

// The gradient of an internal coordinate is its derivative.
func TestGradients(t *testing.T) {
	m := builtIn(t, "H2O")
	const step = 1e-5
	for _, atoms := range [][]int{{0, 1}, {1, 2}, {1, 0, 2}, {0, 1, 2}} {
		value := func(x []float64) float64 {
			a := vectorAt(x, 3*atoms[0]).sub(vectorAt(x, 3*atoms[1]))
			if len(atoms) == 2 {
				return a.norm() * BohrRadiusAngstrom
			}
			b := vectorAt(x, 3*atoms[2]).sub(vectorAt(x, 3*atoms[1]))
			return math.Atan2(a.cross(b).norm(), a.dot(b))
		}
		for i, got := range gradients(m.Equilibrium, atoms)[0] {
			up, down := slices.Clone(m.Equilibrium), slices.Clone(m.Equilibrium)
			up[i] += step
			down[i] -= step
			assert.InDelta(t, (value(up)-value(down))/(2*step), got, 1e-9, "%v, coordinate %d", atoms, i)
		}
	}
}

func TestChiralMolecule(t *testing.T) {
	m := builtIn(t, "CHBrClF")
	for i, want := range []float64{0, 1.087, 1.934, 1.753, 1.339} {
		assert.InDelta(t, want, bondLength(m, 0, i), 1e-3)
	}
	at := func(i int) vector { return vectorAt(m.Equilibrium, 3*i).sub(vectorAt(m.Equilibrium, 0)) }
	// Seen with hydrogen behind, the S enantiomer has Br, Cl, F counterclockwise.
	assert.Positive(t, at(2).cross(at(3)).dot(at(4)))
	assert.Negative(t, at(2).add(at(3)).add(at(4)).dot(at(1)))
}

func TestLookupMolecule(t *testing.T) {
	assert.GreaterOrEqual(t, len(Molecules()), 15)
	for _, name := range Molecules() {
		m := builtIn(t, name)
		assert.Equal(t, name, m.Name)
		completed, err := m.Complete()
		require.NoError(t, err)
		assert.Equal(t, m, completed, "it is complete")
	}
	assert.Equal(t, builtIn(t, "CH3I"), builtIn(t, " ch3i "))
	_, err := LookupMolecule("H2SO5")
	assert.ErrorContains(t, err, `"H2SO5": unknown: want one of N2, `)
	assert.ErrorContains(t, err, "OCS")
}

func TestLookupMoleculeGivesACopy(t *testing.T) {
	a := builtIn(t, "OCS")
	a.Equilibrium[0], a.Atoms[0].Charge, a.Vibrations[0].WavenumberPerCM = 7, 7, 7
	b := builtIn(t, "OCS")
	assert.NotEqual(t, a.Equilibrium[0], b.Equilibrium[0])
	assert.Zero(t, b.Atoms[0].Charge)
	assert.NotEqual(t, 7.0, b.Vibrations[0].WavenumberPerCM)
}
