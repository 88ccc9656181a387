package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The closed form against the integral itself, by the midpoint rule in s with
// t = s/(1−s).
func TestCompletionIsTheIntegralAlongTheLine(t *testing.T) {
	random := testRandom(3)
	m := randomMolecule(random, 2)
	options, _ := Options{}.Complete()
	for range 20 {
		g := newIntegrator(m, options)
		for i := range g.state {
			g.state[i] = random.NormFloat64()
		}
		for i := range g.momenta() {
			g.momenta()[i] *= g.masses[i/3]
		}
		before := append([]float64(nil), g.momenta()...)
		motion := g.motion(&g.pairs[0])
		var integral vector
		const points = 20000
		for i := range points {
			s := (float64(i) + 0.5) / points
			d := motion.d.add(motion.w.scale(s / (1 - s)))
			force := d.scale(g.pairs[0].chargeProduct / math.Pow(d.norm(), 3))
			integral = integral.add(force.scale(1 / ((1 - s) * (1 - s) * points)))
		}
		g.complete()
		got := vectorAt(g.momenta(), 0).sub(vectorAt(before, 0))
		assert.InDelta(t, 0, got.sub(integral).norm(), 1e-4*integral.norm())
		assert.InDelta(t, 0, total(g.momenta()).sub(total(before)).norm(), 1e-9)
	}
}

// On a straight line out the impulse is q₁q₂/(d w).
func TestCompletionOnOneLine(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"H", 1 / DaltonElectronMass, 2}, {"H", 1 / DaltonElectronMass, 3}}}
	options, _ := Options{}.Complete()
	g := newIntegrator(m, options)
	copy(g.state, []float64{4, 0, 0, -4, 0, 0, 5, 0, 0, -5, 0, 0})
	g.complete()
	assert.InDeltaSlice(t, []float64{5 + 6./80, 0, 0, -5 - 6./80, 0, 0}, g.momenta(), 1e-15)
}

func TestFreeWaitsForEveryPair(t *testing.T) {
	m := Molecule{Atoms: []Atom{{"H", 1, 1}, {"H", 1, 1}}}
	options, _ := Options{RemainingEnergy: 1e-3}.Complete()
	g := newIntegrator(m, options)
	energy := 1.0
	p := math.Sqrt(DaltonElectronMass * energy)
	copy(g.state, []float64{1001, 0, 0, 0, 0, 0, p, 0, 0, -p, 0, 0})
	assert.True(t, g.free(energy))
	for name, state := range map[string][]float64{
		"too near": {900, 0, 0, 0, 0, 0, p, 0, 0, -p, 0, 0},
		"inward":   {2000, 0, 0, 0, 0, 0, -p, 0, 0, p, 0, 0},
		"together": {2000, 0, 0, 0, 0, 0, p, 0, 0, p, 0, 0},
	} {
		copy(g.state, state)
		assert.False(t, g.free(energy), name)
	}
}
