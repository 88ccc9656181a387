package dataset

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

// triatomic returns events of C, O, S whose momenta depend smoothly on the
// geometry, each half in its own random laboratory orientation, with the centre
// of mass at rest.
func triatomic(t testing.TB, n int, seed uint64) *Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	equilibrium := []float64{0, 0, 0, -2.18, 0, 0, 2.95, 0, 0}
	positions, momenta := NewMatrix(n, 9), NewMatrix(n, 9)
	for i := range n {
		geometry, impulse := make([]float64, 9), make([]float64, 9)
		for j := range geometry {
			geometry[j] = equilibrium[j] + 0.4*(random.Float64()-0.5)
		}
		for a, b := range []int{1, 2, 0} {
			repel(impulse, geometry, a, b)
		}
		copy(positions.Row(i), rotated(random, geometry))
		copy(momenta.Row(i), rotated(random, impulse))
	}
	e, err := NewEvents([]string{"C", "O", "S"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

// repel pushes atoms a and b apart with equal and opposite impulses.
func repel(impulse, geometry []float64, a, b int) {
	var along [3]float64
	square := 0.0
	for k := range along {
		along[k] = geometry[3*a+k] - geometry[3*b+k]
		square += along[k] * along[k]
	}
	for k := range along {
		push := 500 * along[k] / math.Pow(square, 1.5)
		impulse[3*a+k] += push
		impulse[3*b+k] -= push
	}
}

// rotated turns an event about z, then about x.
func rotated(random *rand.Rand, event []float64) []float64 {
	out := make([]float64, len(event))
	s, c := math.Sincos(2 * math.Pi * random.Float64())
	t, d := math.Sincos(math.Pi * random.Float64())
	for i := 0; i < len(event); i += 3 {
		x, y, z := event[i], event[i+1], event[i+2]
		x, y = c*x-s*y, s*x+c*y
		out[i], out[i+1], out[i+2] = x, d*y-t*z, t*y+d*z
	}
	return out
}
