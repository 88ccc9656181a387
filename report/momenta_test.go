package report

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"

	"github.com/gocei/gocei/dataset"
)

var ocs = []string{"C", "O", "S"}

// explosions returns momenta [n, 9] of three fragments that add up to zero.
func explosions(n int) dataset.Matrix {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	m := dataset.NewMatrix(n, 9)
	for i := range n {
		row := m.Row(i)
		for k := range 6 {
			row[k] = 100 * r.NormFloat64()
			row[6+k%3] -= row[k]
		}
	}
	return m
}

// turned returns momenta after a rotation about a skew axis, times a factor.
func turned(m dataset.Matrix, factor float64) dataset.Matrix {
	sin, cos := math.Sincos(1.1)
	out := dataset.NewMatrix(m.Rows, m.Cols)
	for i := 0; i < len(m.Data); i += 3 {
		x, y, z := m.Data[i], m.Data[i+1], m.Data[i+2]
		x, y = cos*x-sin*y, sin*x+cos*y
		y, z = cos*y-sin*z, sin*y+cos*z
		out.Data[i], out.Data[i+1], out.Data[i+2] = factor*x, factor*y, factor*z
	}
	return out
}

// Neither the laboratory's axes nor the scale of momenta matter to a Newton plot.
func TestNewtonOfTurnedAndScaledMomenta(t *testing.T) {
	m := explosions(200)
	want := newtonPoints(m, 1)
	for _, factor := range []float64{1, 1e-3, 1e20} {
		got := newtonPoints(turned(m, factor), 1)
		require.Equal(t, want.Rows, got.Rows)
		assert.InDeltaSlice(t, want.Data, got.Data, 1e-9)
	}
}

// The first fragment is above the axis and the other below, both add up to the reference's negative, and lengths are the
// momenta's over the reference's.
func TestNewtonConvention(t *testing.T) {
	m := explosions(200)
	for reference := range 3 {
		points := newtonPoints(m, reference)
		others := [][2]int{{1, 2}, {0, 2}, {0, 1}}[reference]
		for i := range points.Rows {
			row, p := points.Row(i), m.Row(i)
			assert.GreaterOrEqual(t, row[1], 0.0)
			assert.LessOrEqual(t, row[3], 0.0)
			assert.InDelta(t, -1, row[0]+row[2], 1e-9)
			assert.InDelta(t, 0, row[1]+row[3], 1e-9)
			_, size := direction(p[3*reference : 3*reference+3])
			for k, other := range others {
				_, length := direction(p[3*other : 3*other+3])
				assert.InEpsilon(t, length/size, math.Hypot(row[2*k], row[2*k+1]), 1e-9)
			}
		}
	}
}

// Shares of energy put events inside the boundary of their masses, which of equal masses is the circle, whatever the
// unit, frame and scale.
func TestDalitzPointsLieInside(t *testing.T) {
	m := explosions(2000)
	for i := range m.Rows {
		equal, ok := dalitzPoint(m.Row(i), []float64{3, 3, 3})
		require.True(t, ok)
		assert.LessOrEqual(t, math.Hypot(equal.X, equal.Y), 1.0/3+1e-12)
	}
	masses := []float64{12, 16, 32}
	boundary := dalitzBoundary(masses)
	other := turned(m, 7)
	for i := range m.Rows {
		at, ok := dalitzPoint(m.Row(i), masses)
		require.True(t, ok)
		assert.True(t, inside([]plotter.XYs{boundary}, at.X, at.Y))
		again, ok := dalitzPoint(other.Row(i), []float64{12e3, 16e3, 32e3})
		require.True(t, ok)
		assert.InDelta(t, at.X, again.X, 1e-9)
		assert.InDelta(t, at.Y, again.Y, 1e-9)
	}
	for _, at := range dalitzBoundary([]float64{5, 5, 5}) {
		assert.InDelta(t, 1.0/3, math.Hypot(at.X, at.Y), 1e-12)
	}
}

// A fragment with all the energy is at its corner.
func TestDalitzCorners(t *testing.T) {
	for k, want := range [][2]float64{{0, 2.0 / 3}, {1 / math.Sqrt(3), -1.0 / 3}, {-1 / math.Sqrt(3), -1.0 / 3}} {
		p := make([]float64, 9)
		p[3*k+1] = 5
		at, ok := dalitzPoint(p, []float64{1, 2, 3})
		require.True(t, ok)
		assert.InDelta(t, want[0], at.X, 1e-12)
		assert.InDelta(t, want[1], at.Y, 1e-12)
	}
}

func TestNewtonAndDalitzOfHardMomenta(t *testing.T) {
	nan := math.NaN()
	aside := explosions(50)
	copy(aside.Row(3), []float64{nan, 1, 1})
	copy(aside.Row(4), make([]float64, 9))
	for name, m := range map[string]dataset.Matrix{
		"many":         explosions(100_000),
		"one":          explosions(1),
		"along a line": table(9, 1, 0, 0, -2, 0, 0, 1, 0, 0, 2, 0, 0, -4, 0, 0, 2, 0, 0),
		"all the same": table(9, 1, 2, 0, -1, 0, 0, 0, -2, 0, 1, 2, 0, -1, 0, 0, 0, -2, 0),
		"huge":         turned(explosions(20), 1e95),
		"tiny":         turned(explosions(20), 1e-140),
		"some wrong":   aside,
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Newton(ocs, m, 1)
			assert.Contains(t, drawn(t, f, err), "px / |p(O)|")
			f, err = Dalitz(ocs, []float64{12, 16, 32}, m)
			assert.Contains(t, drawn(t, f, err), "ε(C)")
			if name == "some wrong" {
				assert.Contains(t, f.Caption, "2 events that are not finite are left out")
			}
		})
	}
	f, err := Newton([]string{"C", "H", "H", "I"}, table(12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2), 3)
	assert.Contains(t, drawn(t, f, err), "H(2)")
	f, err = Newton([]string{"O", "O"}, table(6, 1, 2, 3, -1, -2, -3), 0)
	assert.Contains(t, drawn(t, f, err), "O(1)")
}

func TestMomentaErrors(t *testing.T) {
	masses := []float64{12, 16, 32}
	_, err := Dalitz([]string{"N", "N"}, []float64{14, 14}, dataset.NewMatrix(1, 6))
	require.ErrorIs(t, err, ErrNotThreeBody)
	for want, do := range map[string]func() (*Figure, error){
		"2 masses: want 3":             func() (*Figure, error) { return Dalitz(ocs, masses[:2], explosions(3)) },
		"mass of O: 0":                 func() (*Figure, error) { return Dalitz(ocs, []float64{1, 0, 1}, explosions(3)) },
		"mass of S: NaN":               func() (*Figure, error) { return Dalitz(ocs, []float64{1, 1, math.NaN()}, explosions(3)) },
		"momenta have 6 columns":       func() (*Figure, error) { return Dalitz(ocs, masses, dataset.NewMatrix(3, 6)) },
		"no row of finite numbers":     func() (*Figure, error) { return Dalitz(ocs, masses, dataset.NewMatrix(3, 9)) },
		"with a moving O":              func() (*Figure, error) { return Newton(ocs, dataset.NewMatrix(3, 9), 1) },
		"momenta: there is no row":     func() (*Figure, error) { return Newton(ocs, dataset.Matrix{Cols: 9}, 1) },
		"reference fragment 3: want 0": func() (*Figure, error) { return Newton(ocs, explosions(3), 3) },
		"want two fragments or more":   func() (*Figure, error) { return Newton(ocs[:1], explosions(3), 0) },
	} {
		f, err := do()
		assert.ErrorContains(t, err, want)
		assert.Nil(t, f)
	}
}
