package explosion

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// randomIons returns a molecule of n ions of different masses and charges, and
// positions at which no two are close.
func randomIons(t testing.TB, random *rand.Rand, n int) (Molecule, []float64) {
	t.Helper()
	symbols := []string{"C", "O", "S", "H", "N", "I"}
	m := Molecule{Name: fmt.Sprintf("%d ions", n), Equilibrium: make([]float64, 3*n)}
	for i := range n {
		m.Atoms = append(m.Atoms, Atom{Symbol: symbols[i], Charge: 1 + float64(i%3)})
	}
	require.NoError(t, ball(6, 2)(random, 0, m.Equilibrium))
	m, err := m.Complete()
	require.NoError(t, err)
	return m, m.Equilibrium
}

func unitDirections(width int) []float64 {
	directions := make([]float64, width*width)
	for i := range width {
		directions[i*width+i] = 1
	}
	return directions
}

func jacobian(t testing.TB, m Molecule, o Options, positions, initial []float64) (momenta, derivatives []float64) {
	t.Helper()
	s, err := NewSimulator(m, o)
	require.NoError(t, err)
	momenta, derivatives, err = s.Sensitivity(positions, initial, unitDirections(len(positions)))
	require.NoError(t, err)
	return momenta, derivatives
}

func randomMomenta(random *rand.Rand, n int) []float64 {
	momenta := make([]float64, 3*n)
	for i := range momenta {
		momenta[i] = 10 * random.NormFloat64()
	}
	return momenta
}

func TestSensitivityIsThatOfTheReference(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	exact := Options{Method: MethodReference, Tolerance: 1e-11}
	for n := 2; n <= 6; n++ {
		m, positions := randomIons(t, random, n)
		for _, initial := range [][]float64{nil, randomMomenta(random, n)} {
			momenta, derivatives := jacobian(t, m, Options{}, positions, initial)
			scale := largestMagnitude(derivatives)
			for k := range positions {
				const h = 1e-3
				shifted := func(by float64) []float64 {
					x := append([]float64(nil), positions...)
					x[k] += by
					o, err := exact.Explode(m, x, initial)
					require.NoError(t, err)
					return o.Momenta
				}
				low, high := shifted(-h), shifted(h)
				for i := range momenta {
					require.InDelta(t, (high[i]-low[i])/(2*h), derivatives[k*3*n+i], 1e-5*scale, "%d ions, at rest %v: %d by %d", n, initial == nil, i, k)
				}
			}
		}
	}
}

// Two ions at rest at the distance r end with p = √(2μq₁q₂/r).
func TestSensitivityOfTwoIons(t *testing.T) {
	m := Molecule{Name: "CO", Atoms: []Atom{{"C", 12, 2}, {"O", 16, 3}}, Equilibrium: []float64{0, 0, 0, 0, 0, 2.1}}
	s, err := NewSimulator(m, Options{})
	require.NoError(t, err)
	momenta, derivatives, err := s.Sensitivity(m.Equilibrium, nil, []float64{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0})
	require.NoError(t, err)
	mu := 12. * 16 / 28 * DaltonElectronMass
	p := math.Sqrt(2 * mu * 6 / 2.1)
	assert.InEpsilon(t, p, momenta[5], 1e-6)
	assert.InEpsilon(t, -p/(2*2.1), derivatives[5], 1e-5)
	assert.InEpsilon(t, p/2.1, derivatives[6+4], 1e-5, "across the line the momentum turns")
	for _, i := range []int{3, 4, 6 + 3, 6 + 5} {
		assert.InDelta(t, 0, derivatives[i], 1e-9*p)
	}
}

// Lengths times L make momenta from rest L^(−1/2) times as large; common shifts do
// nothing; turns of the positions turn the momenta.
func TestSensitivityLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for n := 2; n <= 6; n++ {
		m, x := randomIons(t, random, n)
		width := 3 * n
		directions := append([]float64(nil), x...)
		shift, turn := make([]float64, width), make([]float64, width)
		axis := vector{0.3, -0.8, 0.5}
		for i := 0; i < width; i += 3 {
			vector{1, 2, -3}.put(shift, i)
			axis.cross(vectorAt(x, i)).put(turn, i)
		}
		directions = append(append(directions, shift...), turn...)
		s, err := NewSimulator(m, Options{})
		require.NoError(t, err)
		momenta, derivatives, err := s.Sensitivity(x, nil, directions)
		require.NoError(t, err)
		tiny := 3e-5 * largestMagnitude(momenta)
		for i, p := range momenta {
			assert.InDelta(t, -p/2, derivatives[i], tiny, "scaling")
			assert.InDelta(t, 0, derivatives[width+i], 1e-9*tiny, "shift")
		}
		for i := 0; i < width; i += 3 {
			want := axis.cross(vectorAt(momenta, i))
			assert.InDelta(t, 0, want.sub(vectorAt(derivatives, 2*width+i)).norm(), tiny, "turn")
		}
	}
}

func TestSensitivityConvergesWithTolerance(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	var worst [3]float64
	for range 20 {
		m, x := randomIons(t, random, 4)
		_, exact := jacobian(t, m, Options{Tolerance: 1e-13}, x, nil)
		for k, tolerance := range []float64{1e-4, 1e-6, 1e-9} {
			_, got := jacobian(t, m, Options{Tolerance: tolerance}, x, nil)
			for i := range got {
				worst[k] = max(worst[k], math.Abs(got[i]-exact[i])/largestMagnitude(exact)/tolerance)
			}
		}
	}
	t.Logf("largest error in units of the tolerance: %.1f", worst)
	for _, w := range worst {
		assert.Less(t, w, 30.)
	}
}

// The momenta are those of an explosion, to the bit, and neutral atoms feel nothing.
func TestSensitivityGoesWithTheMotion(t *testing.T) {
	m, x := randomIons(t, rand.New(rand.NewPCG(4, 4)), 5)
	m.Atoms[2].Charge = 0
	initial := randomMomenta(rand.New(rand.NewPCG(5, 5)), 5)
	momenta, derivatives := jacobian(t, m, Options{}, x, initial)
	o, err := Options{}.Explode(m, x, initial)
	require.NoError(t, err)
	assert.Equal(t, o.Momenta, momenta)
	for k := range 15 {
		for i := 6; i < 9; i++ {
			assert.Zero(t, derivatives[k*15+i], "of the neutral atom")
			assert.Zero(t, derivatives[i*15+k], "by the neutral atom")
		}
	}
}

func TestSensitivityRefusesBadInput(t *testing.T) {
	m, x := randomIons(t, rand.New(rand.NewPCG(6, 6)), 3)
	s, err := NewSimulator(m, Options{})
	require.NoError(t, err)
	for want, directions := range map[string][]float64{
		"multiple of 9":            make([]float64, 10),
		"component 2 of direction": {0, math.NaN(), 0, 0, 0, 0, 0, 0, 0},
	} {
		_, _, err := s.Sensitivity(x, nil, directions)
		assert.ErrorContains(t, err, want)
	}
	_, err = s.SensitivityInto(make([]float64, 9), make([]float64, 8), x, nil, make([]float64, 9))
	assert.ErrorContains(t, err, "room for 8 derivatives")
	_, _, err = s.Sensitivity(x[:6], nil, nil)
	assert.Error(t, err)
	momenta, derivatives, err := s.Sensitivity(x, nil, nil)
	require.NoError(t, err)
	assert.Len(t, momenta, 9)
	assert.Empty(t, derivatives)
}

func TestSensitivityAllocatesNothing(t *testing.T) {
	m, x := randomIons(t, rand.New(rand.NewPCG(7, 7)), 3)
	s, err := NewSimulator(m, Options{})
	require.NoError(t, err)
	momenta, derivatives, directions := make([]float64, 9), make([]float64, 81), unitDirections(9)
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		if _, err := s.SensitivityInto(momenta, derivatives, x, nil, directions); err != nil {
			t.Error(err)
		}
	}))
}

func BenchmarkSensitivity(b *testing.B) {
	m, x := randomIons(b, rand.New(rand.NewPCG(8, 8)), 3)
	s, err := NewSimulator(m, Options{})
	require.NoError(b, err)
	momenta := make([]float64, 9)
	for _, k := range []int{0, 3, 9} {
		directions := unitDirections(9)[:9*k]
		derivatives := make([]float64, 9*k)
		b.Run(fmt.Sprintf("directions=%d", k), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.SensitivityInto(momenta, derivatives, x, nil, directions); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
