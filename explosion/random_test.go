package explosion

import (
	"math"
	"math/rand/v2"
	"slices"
)

// testRandom is a stream of its own for each test, the same in every run.
func testRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// randomMolecule has n atoms of 1 to 100 Da and charges of 0.5 to 4, somewhere
// in a box, at least half a Bohr from each other.
func randomMolecule(random *rand.Rand, n int) Molecule {
	m := Molecule{Name: "random"}
	for range n {
		m.Atoms = append(m.Atoms, Atom{"X", 1 + 99*random.Float64(), 0.5 + 3.5*random.Float64()})
	}
	for len(m.Equilibrium) < 3*n {
		v := randomVector(random).scale(2 + float64(n))
		apart := true
		for i := 0; i < len(m.Equilibrium); i += 3 {
			apart = apart && v.sub(vectorAt(m.Equilibrium, i)).norm() > 0.5
		}
		if apart {
			m.Equilibrium = append(m.Equilibrium, v.x, v.y, v.z)
		}
	}
	moveToCentreOfMass(m.Equilibrium, m.Masses())
	return m
}

func randomVector(random *rand.Rand) vector {
	return vector{2*random.Float64() - 1, 2*random.Float64() - 1, 2*random.Float64() - 1}
}

func randomRotation(random *rand.Rand) rotation {
	x := randomVector(random)
	x = x.scale(1 / x.norm())
	y := perpendicular(randomVector(random), x)
	y = y.scale(1 / y.norm())
	return rotation{x, y, x.cross(y)}
}

func turned(r rotation, flat []float64) []float64 {
	flat = slices.Clone(flat)
	r.turn(flat)
	return flat
}

func moved(by vector, flat []float64) []float64 {
	flat = slices.Clone(flat)
	for i := 0; i < len(flat); i += 3 {
		vectorAt(flat, i).add(by).put(flat, i)
	}
	return flat
}

func scaled(by float64, flat []float64) []float64 {
	flat = slices.Clone(flat)
	for i := range flat {
		flat[i] *= by
	}
	return flat
}

func total(flat []float64) vector {
	var sum vector
	for i := 0; i < len(flat); i += 3 {
		sum = sum.add(vectorAt(flat, i))
	}
	return sum
}

func angularMomentum(positions, momenta []float64) vector {
	var sum vector
	for i := 0; i < len(positions); i += 3 {
		sum = sum.add(vectorAt(positions, i).cross(vectorAt(momenta, i)))
	}
	return sum
}

// distance is |a − b| relative to |a|.
func distance(a, b []float64) float64 {
	difference, norm := 0.0, 0.0
	for i := range a {
		difference += (a[i] - b[i]) * (a[i] - b[i])
		norm += a[i] * a[i]
	}
	return math.Sqrt(difference / norm)
}
