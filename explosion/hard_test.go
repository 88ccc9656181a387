package explosion

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// hardMolecule has ions of masses and charges spread evenly on a logarithmic scale
// between limits, in a cube of ±size Bohr.
func hardMolecule(random *rand.Rand, n int, masses, charges [2]float64, size float64) Molecule {
	m := randomMolecule(random, n)
	between := func(limits [2]float64) float64 {
		return limits[0] * math.Pow(limits[1]/limits[0], random.Float64())
	}
	for i := range m.Atoms {
		m.Atoms[i].MassDalton, m.Atoms[i].Charge = between(masses), between(charges)
	}
	m.Equilibrium = scaled(size/(2+float64(n)), m.Equilibrium)
	return m
}

// shot are momenta with which the first two ions fly at each other, past by a
// distance, with some times the potential energy.
func shot(m Molecule, times, past float64) []float64 {
	energy, _ := m.PotentialEnergy(m.Equilibrium)
	masses := m.Masses()
	reduced := masses[0] * masses[1] / (masses[0] + masses[1])
	aim := vectorAt(m.Equilibrium, 3).sub(vectorAt(m.Equilibrium, 0)).add(vector{past, 0, 0})
	p := aim.scale(math.Sqrt(2*reduced*times*energy) / aim.norm())
	momenta := make([]float64, len(m.Equilibrium))
	p.put(momenta, 0)
	p.scale(-1).put(momenta, 3)
	return momenta
}

func TestHardCases(t *testing.T) {
	usualMasses, usualCharges := [2]float64{1, 240}, [2]float64{0.5, 4}
	for name, c := range map[string]struct {
		masses, charges [2]float64
		size            float64 // Bohr
		apart           float64 // Bohr, the first two ions; 0: as they are
		times, past     float64 // of shot; 0: at rest
	}{
		"small":            {usualMasses, usualCharges, 0.6, 0, 0, 0},
		"large":            {usualMasses, usualCharges, 100, 0, 0, 0},
		"all masses":       {[2]float64{1e-2, 1e4}, usualCharges, 5, 0, 0, 0},
		"weak charges":     {usualMasses, [2]float64{1e-3, 5}, 5, 0, 0, 0},
		"close":            {usualMasses, usualCharges, 5, 1e-2, 0, 0},
		"nearly one place": {usualMasses, usualCharges, 5, 1e-5, 0, 0},
		"head-on":          {usualMasses, usualCharges, 5, 0, 5, 0},
		"fast head-on":     {usualMasses, usualCharges, 5, 0, 100, 0},
		"fast and past":    {usualMasses, usualCharges, 5, 0, 100, 0.05},
		"weak and fast":    {usualMasses, [2]float64{1e-3, 5}, 5, 0, 5, 0.1},
	} {
		random := testRandom(23)
		for n := 2; n <= 6; n++ {
			m := hardMolecule(random, n, c.masses, c.charges, c.size)
			if c.apart > 0 {
				vectorAt(m.Equilibrium, 0).add(vector{0, c.apart, 0}).put(m.Equilibrium, 3)
			}
			var momenta []float64
			if c.times > 0 {
				momenta = shot(m, c.times, c.past)
			}
			want := explode(t, Options{Method: MethodReference, Tolerance: 1e-10, MaxEnergyError: 1e-7}, m, m.Equilibrium, momenta)
			assert.Less(t, distance(want, explode(t, Options{}, m, m.Equilibrium, momenta)), 2e-5, "%s, %d ions", name, n)
			assert.Less(t, distance(want, explode(t, Options{Tolerance: 1e-9}, m, m.Equilibrium, momenta)), 2e-8, "%s, %d ions", name, n)
		}
	}
}
