package explosion

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// newTestStream is the random stream of an event.
func newTestStream(seed, index uint64) *rand.Rand {
	return rand.New(rand.NewPCG(scramble(seed), scramble(index)))
}

// The Haar measure: every element of the matrix has mean 0 and variance 1/3, no
// two are correlated, the trace has mean 0 and variance 1, and a turned direction
// is uniform in each coordinate.
func TestUniformRotation(t *testing.T) {
	random := testRandom(9)
	const size = 40000
	elements := make([][]float64, 9)
	var trace []float64
	for range size {
		r := uniformRotation(random)
		assert.InDelta(t, 1, r[0].cross(r[1]).dot(r[2]), 1e-12, "right-handed")
		for i := range 3 {
			assert.InDelta(t, 1, r[i].norm(), 1e-12)
			assert.InDelta(t, 0, r[i].dot(r[(i+1)%3]), 1e-12)
			for k, x := range []float64{r[i].x, r[i].y, r[i].z} {
				elements[3*i+k] = append(elements[3*i+k], x)
			}
		}
		trace = append(trace, r[0].x+r[1].y+r[2].z)
	}
	for a := range 9 {
		assertMoments(t, elements[a], 0, 1./3, "element")
		for b := range a {
			assertUncorrelated(t, elements[a], elements[b], "elements")
		}
		fourth := make([]float64, size)
		for i, x := range elements[a] {
			fourth[i] = x * x * x * x
		}
		assertMoments(t, fourth, 1./5, 1./9-1./25, "fourth power")
	}
	assertMoments(t, trace, 0, 1, "trace")
}

func TestOrientationAndOrigin(t *testing.T) {
	still := Recipe{Geometry: Geometry{Kind: GeometryEquilibrium}, Events: 20000}
	turned := still
	turned.Orientation = OrientationRandom
	positions, _ := draws(t, turned)
	m := builtIn(t, "OCS")
	length := vectorAt(m.Equilibrium, 6).norm()
	for k := range 3 {
		cosine := column(positions, func(x []float64) float64 { return x[6+k] / length })
		assertMoments(t, cosine, 0, 1./3, "cosine")
	}
	for _, x := range positions {
		assert.InDelta(t, 1.1562, internal(x, []int{1, 2}), 1e-12)
	}

	moved := still
	moved.OriginAngstrom = 3
	positions, _ = draws(t, moved)
	for k := range 3 {
		assertMoments(t, displacements(m, positions, k), 0, 9, "origin")
	}
	for _, x := range positions {
		for k := range 3 {
			assert.InDelta(t, m.Equilibrium[k]-m.Equilibrium[3+k], x[k]-x[3+k], 1e-12, "the molecule moves as a whole")
		}
	}
}
