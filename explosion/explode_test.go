package explosion

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// precise leaves errors of about 1e-12, and so does reference by another method.
var (
	precise   = Options{Tolerance: 1e-12}
	reference = Options{Method: MethodReference, Tolerance: 1e-12}
	methods   = []Method{MethodFast, MethodReference}
)

func explode(t *testing.T, o Options, m Molecule, positions, momenta []float64) []float64 {
	t.Helper()
	outcome, err := o.Explode(m, positions, momenta)
	require.NoError(t, err)
	return outcome.Momenta
}

func twoIons(massA, massB, chargeA, chargeB float64) Molecule {
	return Molecule{Name: "AB", Atoms: []Atom{{"A", massA, chargeA}, {"B", massB, chargeB}}}
}

func TestTwoIonsFromRest(t *testing.T) {
	for _, c := range []struct{ massA, massB, chargeA, chargeB, r float64 }{
		{1, 1, 1, 1, 1},
		{1.008, 126.9, 1, 7, 3},
		{12, 16, 0.5, 1.5, 2.1},
		{12, 16, -1, -2, 2.1},
		{238, 1, 40, 1, 1e-6},
		{1e-3, 1e3, 1, 1, 1e6},
	} {
		reduced := c.massA * c.massB / (c.massA + c.massB) * DaltonElectronMass
		want := math.Sqrt(2 * reduced * c.chargeA * c.chargeB / c.r)
		for _, method := range methods {
			for _, tolerance := range []float64{1e-6, 1e-9, 1e-12} {
				o := Options{Method: method, Tolerance: tolerance}
				outcome, err := o.Explode(twoIons(c.massA, c.massB, c.chargeA, c.chargeB), []float64{0, 0, c.r, 0, 0, 0}, nil)
				require.NoError(t, err)
				assert.InEpsilon(t, want, outcome.Momenta[2], 5*tolerance, "%+v %+v", c, o)
				assert.InEpsilon(t, -want, outcome.Momenta[5], 5*tolerance, "%+v %+v", c, o)
				assert.InDelta(t, 0, outcome.EnergyError, 10*tolerance)
			}
		}
	}
}

// Two ions with any initial momenta keep the Laplace-Runge-Lenz vector
// p × L + μ q₁q₂ r/|r|, which ends as p∞ × L + μ q₁q₂ p∞/|p∞|.
func TestTwoIonsInMotionKeepTheRungeLenzVector(t *testing.T) {
	random := testRandom(4)
	for range 50 {
		m := randomMolecule(random, 2)
		masses := m.Masses()
		reduced := masses[0] * masses[1] / (masses[0] + masses[1])
		strength := reduced * m.Atoms[0].Charge * m.Atoms[1].Charge
		energy, err := m.PotentialEnergy(m.Equilibrium)
		require.NoError(t, err)
		p := randomVector(random).scale(math.Sqrt(8 * reduced * energy))
		r := vectorAt(m.Equilibrium, 0).sub(vectorAt(m.Equilibrium, 3))
		momenta := explode(t, precise, m, m.Equilibrium, []float64{p.x, p.y, p.z, -p.x, -p.y, -p.z})
		angular := r.cross(p)
		end := vectorAt(momenta, 0)
		before := p.cross(angular).add(r.scale(strength / r.norm()))
		after := end.cross(angular).add(end.scale(strength / end.norm()))
		assert.InDelta(t, 0, before.sub(after).norm(), 1e-11*(before.norm()+p.norm()*angular.norm()))
	}
}

// Equal ions on the corners of a regular figure share the energy equally and fly
// radially.
func TestRegularFigures(t *testing.T) {
	triangle := []float64{1, 0, 0, -0.5, math.Sqrt(3) / 2, 0, -0.5, -math.Sqrt(3) / 2, 0}
	square := []float64{1, 0, 0, 0, 1, 0, -1, 0, 0, 0, -1, 0}
	tetrahedron := []float64{1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1}
	for _, positions := range [][]float64{triangle, square, tetrahedron} {
		var m Molecule
		for range len(positions) / 3 {
			m.Atoms = append(m.Atoms, Atom{"A", 20, 1.5})
		}
		energy, err := m.PotentialEnergy(positions)
		require.NoError(t, err)
		each := math.Sqrt(2 * m.Masses()[0] * energy / float64(len(m.Atoms)))
		want := scaled(each/vectorAt(positions, 0).norm(), positions)
		assert.Less(t, distance(want, explode(t, precise, m, positions, nil)), 1e-11)
	}
}

// In a symmetric linear molecule the outer ions share the energy; the middle one
// stays.
func TestSymmetricLine(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"C", 12, 4}, {"O", 16, 2}, {"O", 16, 2}}}
	positions := []float64{0, 0, 0, 0, 2.2, 0, 0, -2.2, 0}
	p := math.Sqrt(m.Masses()[1] * (2*8/2.2 + 4/4.4))
	want := []float64{0, 0, 0, 0, p, 0, 0, -p, 0}
	assert.Less(t, distance(want, explode(t, precise, m, positions, nil)), 1e-11)
}

// Known figures of OCS at 1.1562 and 1.5614 Å, linear, all atoms doubly charged.
func TestOCSFromEquilibrium(t *testing.T) {
	m := ocs222(t)
	momenta := explode(t, Options{}, m, m.Equilibrium, nil)
	assert.InDelta(t, 107.90, KineticEnergyRelease(m.Masses(), momenta)*HartreeElectronVolt, 0.005)
	for i, want := range []float64{62.10, 366.64, 428.74} {
		assert.InDelta(t, want, vectorAt(momenta, 3*i).norm(), 0.005)
	}
}

func ocs222(t testing.TB) Molecule {
	t.Helper()
	m, err := LookupMolecule("OCS")
	require.NoError(t, err)
	m, err = m.WithCharges([]float64{2, 2, 2})
	require.NoError(t, err)
	return m
}

func TestConservation(t *testing.T) {
	random := testRandom(5)
	for n := 2; n <= 8; n++ {
		m := randomMolecule(random, n)
		initial := make([]float64, 3*n)
		for i := range initial {
			initial[i] = 50 * random.NormFloat64()
		}
		for _, start := range [][]float64{nil, initial} {
			outcome, err := Options{}.Explode(m, m.Equilibrium, start)
			require.NoError(t, err)
			energy, err := m.PotentialEnergy(m.Equilibrium)
			require.NoError(t, err)
			before := vector{}
			if start != nil {
				energy += KineticEnergyRelease(m.Masses(), start)
				before = total(start)
			}
			norm := math.Sqrt(slices.Max(m.Masses()) * energy)
			assert.InEpsilon(t, energy, KineticEnergyRelease(m.Masses(), outcome.Momenta), 5e-6)
			assert.Less(t, outcome.EnergyError, 5e-6)
			assert.InDelta(t, 0, total(outcome.Momenta).sub(before).norm(), 1e-12*norm)
		}
	}
}

func TestFastMethodAgainstReference(t *testing.T) {
	random := testRandom(6)
	for n := 2; n <= 8; n++ {
		for range 5 {
			m := randomMolecule(random, n)
			start := scaled(30*random.Float64(), randomMolecule(random, n).Equilibrium)
			for _, momenta := range [][]float64{nil, start} {
				want := explode(t, reference, m, m.Equilibrium, momenta)
				for tolerance, accepted := range map[float64]float64{1e-12: 5e-11, 1e-9: 2e-8, 1e-6: 5e-6} {
					got := explode(t, Options{Tolerance: tolerance}, m, m.Equilibrium, momenta)
					assert.Less(t, distance(want, got), accepted, "%d atoms, tolerance %g", n, tolerance)
				}
			}
		}
	}
}

// What is promised for the molecule that matters: with the usual options half of
// all events are right to 1e-7 and none is wrong by more than 2e-6.
func TestUsualErrorsOfOCS(t *testing.T) {
	m := ocs222(t)
	var errors []float64
	for _, geometry := range displaced(m, 400) {
		want := explode(t, precise, m, geometry, nil)
		errors = append(errors, distance(want, explode(t, Options{}, m, geometry, nil)))
	}
	slices.Sort(errors)
	assert.Less(t, errors[len(errors)/2], 1e-7)
	assert.Less(t, errors[len(errors)-1], 2e-6)
}

// q→λq gives p→λp; r→λr gives p→p/√λ; m→λm gives p→√λ p.
func TestScalingLaws(t *testing.T) {
	for _, method := range methods {
		t.Run(string(method), func(t *testing.T) { testScalingLaws(t, Options{Method: method}) })
	}
}

func testScalingLaws(t *testing.T, o Options) {
	random := testRandom(7)
	for n := 2; n <= 8; n++ {
		m := randomMolecule(random, n)
		want := explode(t, o, m, m.Equilibrium, nil)
		const factor = 3.7
		charged, heavy := m, m
		charged.Atoms, heavy.Atoms = slices.Clone(m.Atoms), slices.Clone(m.Atoms)
		for i := range m.Atoms {
			charged.Atoms[i].Charge *= factor
			heavy.Atoms[i].MassDalton *= factor
		}
		for law, got := range map[string][]float64{
			"charge": scaled(1/factor, explode(t, o, charged, m.Equilibrium, nil)),
			"length": scaled(math.Sqrt(factor), explode(t, o, m, scaled(factor, m.Equilibrium), nil)),
			"mass":   scaled(1/math.Sqrt(factor), explode(t, o, heavy, m.Equilibrium, nil)),
		} {
			assert.Less(t, distance(want, got), 1e-10, "%s, %d atoms", law, n)
		}
	}
}

func TestEquivariance(t *testing.T) {
	for _, method := range methods {
		t.Run(string(method), func(t *testing.T) { testEquivariance(t, Options{Method: method}) })
	}
}

func testEquivariance(t *testing.T, o Options) {
	random := testRandom(8)
	for n := 2; n <= 8; n++ {
		m := randomMolecule(random, n)
		start := scaled(30, randomMolecule(random, n).Equilibrium)
		want := explode(t, o, m, m.Equilibrium, start)
		r, by := randomRotation(random), randomVector(random).scale(10)
		assert.Less(t, distance(turned(r, want), explode(t, o, m, turned(r, m.Equilibrium), turned(r, start))), 1e-10, "rotation, %d atoms", n)
		assert.Less(t, distance(want, explode(t, o, m, moved(by, m.Equilibrium), start)), 1e-10, "translation, %d atoms", n)
		drift := func(sign float64) []float64 {
			flat := slices.Clone(start)
			for i, mass := range m.Masses() {
				vectorAt(flat, 3*i).add(by.scale(sign*1e-4*mass)).put(flat, 3*i)
			}
			return flat
		}
		boosted := explode(t, o, m, m.Equilibrium, drift(1))
		for i := range boosted {
			boosted[i] -= drift(1)[i] - start[i]
		}
		assert.Less(t, distance(want, boosted), 1e-10, "Galilean boost, %d atoms", n)
		mirrored := func(flat []float64) []float64 { return scaled(-1, flat) }
		assert.Less(t, distance(mirrored(want), explode(t, o, m, mirrored(m.Equilibrium), mirrored(start))), 1e-10, "inversion, %d atoms", n)
	}
}

func TestPermutationOfAtoms(t *testing.T) {
	for _, method := range methods {
		t.Run(string(method), func(t *testing.T) { testPermutationOfAtoms(t, Options{Method: method}) })
	}
}

func testPermutationOfAtoms(t *testing.T, o Options) {
	random := testRandom(9)
	for n := 2; n <= 8; n++ {
		m := randomMolecule(random, n)
		want := explode(t, o, m, m.Equilibrium, nil)
		p := Molecule{Atoms: make([]Atom, n), Equilibrium: make([]float64, 3*n)}
		order := random.Perm(n)
		for to, from := range order {
			p.Atoms[to] = m.Atoms[from]
			vectorAt(m.Equilibrium, 3*from).put(p.Equilibrium, 3*to)
		}
		got := explode(t, o, p, p.Equilibrium, nil)
		back := make([]float64, 3*n)
		for to, from := range order {
			vectorAt(got, 3*to).put(back, 3*from)
		}
		assert.Less(t, distance(want, back), 1e-10, "%d atoms", n)
	}
}

// A neutral atom goes on as it was, even where an ion flies through it.
func TestNeutralAtomsGoOn(t *testing.T) {
	m := randomMolecule(testRandom(10), 3)
	m.Atoms[1].Charge = 0
	start := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	momenta := explode(t, Options{}, m, m.Equilibrium, start)
	assert.Equal(t, start[3:6], momenta[3:6])
	pair := Molecule{Atoms: []Atom{m.Atoms[0], m.Atoms[2]}}
	want := explode(t, Options{}, pair, append(m.Equilibrium[:3:3], m.Equilibrium[6:]...), append(start[:3:3], start[6:]...))
	assert.Less(t, distance(want, append(momenta[:3:3], momenta[6:]...)), 1e-14)

	m = Molecule{Atoms: []Atom{{"H", 1, 1}, {"He", 4, 0}, {"H", 1, 1}}}
	momenta = explode(t, Options{}, m, []float64{0, 0, 0, 2, 0, 0, -1, 0, 0}, nil)
	assert.Equal(t, vector{}, vectorAt(momenta, 3))
}

// Two light ions that a heavy charge sends the same way part slowly: their own
// repulsion must be followed long after the total energy is nearly spent.
func TestSlowPairIsFollowedToTheEnd(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"U", 238, 80}, {"H", 1, 1}, {"H", 1, 1}}}
	positions := []float64{0, 0, 0, 3, 0.05, 0, 3, -0.05, 0}
	want := explode(t, reference, m, positions, nil)
	assert.Less(t, distance(want, explode(t, Options{}, m, positions, nil)), 1e-6)
	assert.Less(t, distance(want, explode(t, precise, m, positions, nil)), 1e-10)
}

func TestIonsThatFirstApproach(t *testing.T) {
	m := twoIons(1, 1, 1, 1)
	got := explode(t, Options{}, m, []float64{1000, 0, 0, 0, 0, 0}, []float64{-100, 0, 0, 100, 0, 0})
	want := math.Sqrt(100*100 + DaltonElectronMass/1000)
	assert.InEpsilon(t, want, got[0], 5e-6, "they turn round with the energy they came with")
}

func TestExplodeRefusesBadInput(t *testing.T) {
	good := []float64{0, 0, 0, 2, 0, 0}
	for want, c := range map[string]struct {
		molecule           Molecule
		positions, momenta []float64
		options            Options
	}{
		"AB: 3 positions: want 6 for 2 atoms":   {twoIons(1, 1, 1, 1), good[:3], nil, Options{}},
		"9 momenta: want 6":                     {twoIons(1, 1, 1, 1), good, make([]float64, 9), Options{}},
		"positions: x of atom 2 (B) is NaN":     {twoIons(1, 1, 1, 1), []float64{0, 0, 0, math.NaN(), 0, 0}, nil, Options{}},
		"momenta: z of atom 1 (A) is +Inf":      {twoIons(1, 1, 1, 1), good, []float64{0, 0, math.Inf(1), 0, 0, 0}, Options{}},
		"are at the same place":                 {twoIons(1, 1, 1, 1), make([]float64, 6), nil, Options{}},
		"attract each other":                    {twoIons(1, 1, 1, -1), good, nil, Options{}},
		"0 of 2 atoms are charged":              {twoIons(1, 1, 0, 0), good, nil, Options{}},
		"1 of 2 atoms are charged":              {twoIons(1, 1, 0, 1), good, nil, Options{}},
		"0 of 0 atoms are charged":              {Molecule{}, nil, nil, Options{}},
		"mass of atom 2 (B) is 0 Da":            {twoIons(1, 0, 1, 1), good, nil, Options{}},
		"mass of atom 1 (A) is +Inf Da":         {twoIons(math.Inf(1), 1, 1, 1), good, nil, Options{}},
		"charge of atom 1 (A) is NaN":           {twoIons(1, 1, math.NaN(), 1), good, nil, Options{}},
		"ions not apart after 3 steps":          {twoIons(1, 1, 1, 1), good, nil, Options{MaxSteps: 3}},
		"energy is off by":                      {twoIons(1, 1, 1, 1), good, nil, Options{MaxEnergyError: 1e-15}},
		"out of range":                          {twoIons(1, 1, 1, 1), []float64{0, 0, 0, 1e-200, 0, 0}, nil, Options{}},
		"tolerance -1: want a number between 0": {twoIons(1, 1, 1, 1), good, nil, Options{Tolerance: -1}},
		"remaining energy NaN":                  {twoIons(1, 1, 1, 1), good, nil, Options{RemainingEnergy: math.NaN()}},
		"energy error 1:":                       {twoIons(1, 1, 1, 1), good, nil, Options{MaxEnergyError: 1}},
		"step limit -1":                         {twoIons(1, 1, 1, 1), good, nil, Options{MaxSteps: -1}},
		`method "slow": want "fast" or`:         {twoIons(1, 1, 1, 1), good, nil, Options{Method: "slow"}},
	} {
		outcome, err := c.options.Explode(c.molecule, c.positions, c.momenta)
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "explosion: ")
		assert.Zero(t, outcome)
	}
}

func TestExplodingDoesNotAllocate(t *testing.T) {
	m := ocs222(t)
	momenta := make([]float64, 9)
	for _, o := range []Options{{Tolerance: 1e-5}, {Tolerance: 1e-11}, {Method: MethodReference}} {
		s, err := NewSimulator(m, o)
		require.NoError(t, err)
		assert.Zero(t, testing.AllocsPerRun(10, func() { _, err = s.ExplodeInto(momenta, m.Equilibrium, nil) }))
		require.NoError(t, err)
		assert.Equal(t, 1.0, testing.AllocsPerRun(10, func() { _, err = s.Explode(m.Equilibrium, nil) }), "the result alone")
		require.NoError(t, err)
	}
}

func TestExplodeInto(t *testing.T) {
	random := testRandom(12)
	m := randomMolecule(random, 4)
	m.Atoms[2].Charge = 0
	start := scaled(30, randomMolecule(random, 4).Equilibrium)
	s, err := NewSimulator(m, Options{})
	require.NoError(t, err)
	for name, initial := range map[string][]float64{"at rest": nil, "moving": start} {
		want, err := s.Explode(m.Equilibrium, initial)
		require.NoError(t, err)
		inPlace := slices.Clone(m.Equilibrium)
		d, err := s.ExplodeInto(inPlace, inPlace, initial)
		require.NoError(t, err)
		assert.Equal(t, want, Outcome{inPlace, d}, name)
	}
	momenta := slices.Clone(start)
	_, err = s.ExplodeInto(momenta[:9], m.Equilibrium, nil)
	assert.ErrorContains(t, err, "room for 9 final momenta: want 12")
	assert.NotErrorIs(t, err, ErrNotConverged)
	assert.Equal(t, start, momenta, "left alone")
}

func TestNotConverged(t *testing.T) {
	m := ocs222(t)
	momenta := make([]float64, 9)
	for want, o := range map[string]Options{
		"ions not apart after 4 steps": {MaxSteps: 4},
		"energy is off by":             {MaxEnergyError: 1e-14},
	} {
		s, err := NewSimulator(m, o)
		require.NoError(t, err)
		d, err := s.ExplodeInto(momenta, m.Equilibrium, nil)
		assert.ErrorContains(t, err, want)
		assert.ErrorIs(t, err, ErrNotConverged)
		assert.GreaterOrEqual(t, d.Steps+d.Rejected, 4)
		assert.Equal(t, make([]float64, 9), momenta)
	}
}

func TestSimulatorForgetsTheEventBefore(t *testing.T) {
	random := testRandom(11)
	m := randomMolecule(random, 4)
	s, err := NewSimulator(m, Options{})
	require.NoError(t, err)
	start := scaled(30, randomMolecule(random, 4).Equilibrium)
	_, err = s.Explode(scaled(1.3, m.Equilibrium), start)
	require.NoError(t, err)
	got, err := s.Explode(m.Equilibrium, nil)
	require.NoError(t, err)
	want, err := Options{}.Explode(m, m.Equilibrium, nil)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func FuzzExplode(f *testing.F) {
	f.Add(1.0, 0.0, 0.0, 100.0, 1.0, 2.0)
	f.Add(1e-160, 1e-9, -1e-300, -1e9, 1e-9, 1e9)
	f.Add(1e150, 1e153, 0.0, 0.0, 1.0, 1.0)
	f.Fuzz(func(t *testing.T, x, y, z, p, charge, mass float64) {
		m := Molecule{Atoms: []Atom{{"A", mass, charge}, {"B", 1, 1}, {"C", 12, 2}}}
		outcome, err := Options{MaxSteps: 2000}.Explode(m, []float64{x, y, z, 0, 0, 0, 1, 2, 3}, []float64{p, 0, 0, 0, 0, 0, 0, 0, 0})
		if err != nil {
			return
		}
		assert.Equal(t, -1, firstNonFinite(outcome.Momenta))
		assert.LessOrEqual(t, outcome.EnergyError, 1e-4)
	})
}
