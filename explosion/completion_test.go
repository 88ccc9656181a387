package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// complete completes ions with memory of its own.
func complete(s *ions) {
	n := len(s.inverse)
	s.complete(make([]float64, n), make([]float64, n))
}

// The closed form against the integral itself, by the midpoint rule in s with
// t = s/(1−s).
func TestImpulseIsTheIntegralAlongTheLine(t *testing.T) {
	random := testRandom(3)
	for range 20 {
		d, w := randomVector(random).scale(3), randomVector(random).scale(2)
		var integral vector
		const points, product = 20000, 1.7
		for i := range points {
			s := (float64(i) + 0.5) / points
			at := d.add(w.scale(s / (1 - s)))
			force := at.scale(product / math.Pow(at.norm(), 3))
			integral = integral.add(force.scale(1 / ((1 - s) * (1 - s) * points)))
		}
		m := motion{d: d, w: w, distance: d.norm(), speedSquare: w.dot(w), outward: d.dot(w)}
		assert.InDelta(t, 0, m.impulse(product).sub(integral).norm(), 1e-4*integral.norm())
	}
}

// Energy decides what two ions on a line end with.
func TestCompletionOfTwoIonsOnALine(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"H", 1 / DaltonElectronMass, 2}, {"H", 1 / DaltonElectronMass, 3}}}
	s := newIons(m)
	const p, d = 5, 100
	copy(s.state, []float64{d / 2, 0, 0, -d / 2, 0, 0, p, 0, 0, -p, 0, 0})
	complete(s)
	want := math.Sqrt(p*p + 6./d)
	assert.InDeltaSlice(t, []float64{want, 0, 0, -want, 0, 0}, s.momenta(), 1e-10)
}

func TestCompletionKeepsTheTotal(t *testing.T) {
	m := randomMolecule(testRandom(3), 5)
	s := newIons(m)
	momenta := scaled(100, m.Equilibrium)
	s.start(scaled(1e4, m.Equilibrium), momenta)
	complete(s)
	assert.InDelta(t, 0, total(s.momenta()).norm(), 1e-11)
}

// Whatever completion leaves undone falls with the cube of the remaining energy.
func TestCompletionIsOfSecondOrder(t *testing.T) {
	random := testRandom(22)
	for n := 3; n <= 6; n++ {
		m := randomMolecule(random, n)
		want := explode(t, precise, m, m.Equilibrium, nil)
		errorOf := func(fraction float64) float64 {
			o := Options{Tolerance: 1e-12, RemainingEnergy: fraction, MaxEnergyError: 0.1}
			return distance(want, explode(t, o, m, m.Equilibrium, nil))
		}
		coarse, fine := errorOf(4e-2), errorOf(4e-3)
		require.Greater(t, fine, 1e-11, "above the integrator's error")
		assert.InDelta(t, 3, math.Log10(coarse/fine), 0.6, "%d atoms", n)
		assert.Less(t, coarse, 0.1*math.Pow(4e-2, 3), "%d atoms", n)
	}
}

// Ions that pass each other at distance r, fast, turn by half the angle of
// Rutherford's scattering: by atan(q₁q₂/v∞L), in the plane they move in.
func TestIonsThatFlyPastEachOther(t *testing.T) {
	const r, product = 2.0, 6.0
	m := twoIons(16, 40, 2, 3)
	masses := m.Masses()
	reduced := masses[0] * masses[1] / (masses[0] + masses[1])
	for _, fraction := range []float64{3e-2, 9.9e-3, 3e-3, 3e-4} { // of potential in kinetic energy
		p := math.Sqrt(2 * reduced * product / r / fraction)
		end := math.Sqrt(p*p + 2*reduced*product/r)
		sin, cos := math.Sincos(math.Atan(product * reduced / (end * r * p)))
		want := []float64{end * sin, end * cos, 0, -end * sin, -end * cos, 0}
		for tolerance, most := range map[float64]float64{1e-4: 5e-5, 1e-6: 5e-7, 1e-9: 5e-10} {
			got := explode(t, Options{Tolerance: tolerance}, m, []float64{r, 0, 0, 0, 0, 0}, []float64{0, p, 0, 0, -p, 0})
			assert.Less(t, distance(want, got), most, "fraction %g, tolerance %g", fraction, tolerance)
		}
	}
}

func TestOutlookWaitsForEveryPair(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"H", 1, 1}, {"H", 1, 1}}}
	s := newIons(m)
	energy := 1.0
	p := math.Sqrt(DaltonElectronMass * energy)
	copy(s.state, []float64{1001, 0, 0, 0, 0, 0, p, 0, 0, -p, 0, 0})
	free, closest := s.outlook(energy, 1e-3)
	assert.True(t, free)
	assert.Equal(t, 1001.0, closest)
	for name, c := range map[string]struct {
		closest float64
		state   []float64
	}{
		"too near": {900, []float64{900, 0, 0, 0, 0, 0, p, 0, 0, -p, 0, 0}},
		"inward":   {1 / (1 + 1./2000), []float64{2000, 0, 0, 0, 0, 0, -p, 0, 0, p, 0, 0}},
		"together": {2000, []float64{2000, 0, 0, 0, 0, 0, p, 0, 0, p, 0, 0}},
	} {
		copy(s.state, c.state)
		free, closest := s.outlook(energy, 1e-3)
		assert.False(t, free, name)
		assert.InEpsilon(t, c.closest, closest, 1e-12, name)
	}
}
