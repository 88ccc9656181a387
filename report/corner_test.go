package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"

	"github.com/gocei/gocei/dataset"
)

func cornerColumns(n int) (all []Column) {
	for j := range n {
		all = append(all, Column{Name: fmt.Sprintf("column_%d", j), Unit: "Å"})
	}
	return all
}

// bananas returns draws whose columns bend with each other.
func bananas(rows, columns int) dataset.Matrix {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	m := dataset.NewMatrix(rows, columns)
	for i := range rows {
		row := m.Row(i)
		for j := range row {
			row[j] = r.NormFloat64()
			if j > 0 {
				row[j] = 0.4*row[j] + row[j-1]*row[j-1]
			}
			row[j] = min(row[j], 50)
		}
	}
	return m
}

// shapes are densities in the plane that are hard for contours.
var shapes = map[string]func(r *rand.Rand) (x, y float64){
	"normal":     func(r *rand.Rand) (x, y float64) { return r.NormFloat64(), r.NormFloat64() },
	"correlated": func(r *rand.Rand) (x, y float64) { x = r.NormFloat64(); return x, 5e-3*x + 1e-4*r.NormFloat64() },
	"uniform":    func(r *rand.Rand) (x, y float64) { return r.Float64(), 1e6 + r.Float64() },
	"two peaks": func(r *rand.Rand) (x, y float64) {
		side := float64(r.IntN(2))
		return 10*side + 0.3*r.NormFloat64(), -4*side + 0.3*r.NormFloat64()
	},
	"banana": func(r *rand.Rand) (x, y float64) { x = r.NormFloat64(); return x, x*x + 0.2*r.NormFloat64() },
	"ring": func(r *rand.Rand) (x, y float64) {
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		far := 1 + 0.1*r.NormFloat64()
		return far * cos, far * sin
	},
	"heavy tails": func(r *rand.Rand) (x, y float64) { return r.NormFloat64() / r.Float64(), r.NormFloat64() },
}

// inside tells whether a point is inside an odd number of rings.
func inside(rings []plotter.XYs, x, y float64) bool {
	odd := false
	for _, ring := range rings {
		for k, b := range ring {
			a := ring[(k+len(ring)-1)%len(ring)]
			if (a.Y > y) != (b.Y > y) && x < a.X+(y-a.Y)/(b.Y-a.Y)*(b.X-a.X) {
				odd = !odd
			}
		}
	}
	return odd
}

// The drawn regions hold the mass that they claim, of the draws they are made from and of others from the same density.
func TestRegionsHoldTheirMass(t *testing.T) {
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 7))
			sample := func(n int) (xs, ys []float64) {
				for range n {
					x, y := shape(r)
					xs, ys = append(xs, x), append(ys, y)
				}
				return xs, ys
			}
			xs, ys := sample(4000)
			x, y := middle(sortedUsable(xs), cornerReach).widened(0.06), middle(sortedUsable(ys), cornerReach).widened(0.06)
			regions := regions(xs, ys, x, y, 72)
			require.Len(t, regions, 2)
			otherX, otherY := sample(4000)
			for k, want := range []float64{0.95, 0.68} {
				assert.InDelta(t, want, heldBy(regions[k].XYs, xs, ys), 0.015, "of the draws")
				assert.InDelta(t, want, heldBy(regions[k].XYs, otherX, otherY), 0.035, "of others") // about four standard errors
			}
		})
	}
}

func heldBy(rings []plotter.XYs, xs, ys []float64) float64 {
	held := 0
	for i := range xs {
		if inside(rings, xs[i], ys[i]) {
			held++
		}
	}
	return float64(held) / float64(len(xs))
}

// Two peaks far apart have a region each, and a ring has a hole: neither is blurred away.
func TestRegionsKeepTheShape(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for name, gap := range map[string]plotter.XY{"two peaks": {X: 5, Y: -2}, "ring": {}} {
		var xs, ys []float64
		for range 2000 {
			x, y := shapes[name](r)
			xs, ys = append(xs, x), append(ys, y)
		}
		all := regions(xs, ys, middle(sortedUsable(xs), 1).widened(0.06), middle(sortedUsable(ys), 1).widened(0.06), 72)
		assert.False(t, inside(all[0].XYs, gap.X, gap.Y), name)
		assert.False(t, inside(all[1].XYs, gap.X, gap.Y), name)
		assert.GreaterOrEqual(t, len(all[0].XYs), 2, name)
	}
}

// Of an uncorrelated normal density, the region of mass p is the circle of radius √(−2 ln(1−p)).
func TestRegionsOfANormalDensity(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var xs, ys []float64
	for range 50_000 {
		xs, ys = append(xs, r.NormFloat64()), append(ys, r.NormFloat64())
	}
	all := regions(xs, ys, span{-4, 4}, span{-4, 4}, 72)
	for k, p := range []float64{0.95, 0.68} {
		require.Len(t, all[k].XYs, 1)
		for _, at := range all[k].XYs[0] {
			assert.InEpsilon(t, math.Sqrt(-2*math.Log(1-p)), math.Hypot(at.X, at.Y), 0.09)
		}
	}
}

// Rings are closed curves on the level, higher ground on their left.
func TestRingsLieOnTheLevel(t *testing.T) {
	d := newDensity(span{0, 1}, span{0, 1}, 9)
	r := rand.New(rand.NewPCG(2, 2))
	for i := range d.cells {
		d.cells[i] = r.Float64()
	}
	area := 0.0
	for _, ring := range d.rings(0.4) {
		for k, b := range ring {
			assert.InDelta(t, 0.4, d.at(b.X, b.Y), 1e-9)
			a := ring[(k+len(ring)-1)%len(ring)]
			area += (a.X*b.Y - b.X*a.Y) / 2
		}
	}
	held := 0
	const n = 300
	for i := range n * n {
		if d.at((float64(i%n)+0.5)/n, (float64(i/n)+0.5)/n) > 0.4 {
			held++
		}
	}
	assert.InDelta(t, float64(held)/n/n, area, 0.03, "the rings' signed area is that of the higher ground")
}

func TestCorner(t *testing.T) {
	columns := []Column{{Name: "r_CO", Label: "r(CO)", Unit: "Å"}, {Name: "theta", Unit: "°"}}
	f, err := Corner(columns, bananas(1000, 2), []float64{0.5, math.NaN()})
	words := drawn(t, f, err)
	for _, word := range []string{"r(CO) (Å)", "theta (°)", "r(CO) = ", "95 %", "truth", "\u2212"} {
		assert.Contains(t, words, word)
	}
	assert.Contains(t, f.Caption, "true value")

	f, err = Corner(columns, bananas(1000, 2), nil)
	assert.NotContains(t, drawn(t, f, err), "truth")
}

// Whatever is drawn, there is a figure or an error, and the figure is small.
func TestCornerOfHardDraws(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	constant := bananas(500, 3)
	for i := range constant.Rows {
		constant.Row(i)[1] = 1.156
	}
	all := map[string]dataset.Matrix{
		"one row":            table(2, 1, 2),
		"two rows":           table(2, 1, 2, 3, 5),
		"all equal":          table(2, 1, 2, 1, 2, 1, 2, 1, 2),
		"all zero":           dataset.NewMatrix(10, 2),
		"one column":         bananas(100, 1),
		"a constant column":  constant,
		"some not finite":    table(2, nan, 1, 2, inf, 3, 4, 5, 7, 6, 5),
		"a million-fold one": table(2, 1, 1, 1, 2, 2, 1, 2, 2, 1e9, 1e9),
		"huge":               table(2, 1e99, -1e99, -1e99, 1e99, 0, 0, 1e98, 1e97),
		"tiny":               table(2, 1e-200, 1, 2e-200, 2, 3e-200, 3, 5e-320, 1),
		"nearly constant":    table(1, 1e6, 1e6+1e-9, 1e6-1e-9, 1e6),
		"many":               bananas(150_000, 2),
		"ten columns":        bananas(1000, 10),
		"twelve columns":     bananas(50, 12),
		"a line":             table(2, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6),
		"whole numbers":      table(2, 1, 1, 1, 2, 2, 1, 2, 2, 1, 1, 2, 2, 1, 2, 3, 1),
	}
	for name, draws := range all {
		t.Run(name, func(t *testing.T) {
			f, err := Corner(cornerColumns(draws.Cols), draws, make([]float64, draws.Cols))
			drawn(t, f, err)
		})
	}
	f, err := Corner(cornerColumns(2), all["some not finite"], nil)
	require.NoError(t, err)
	assert.Contains(t, f.Caption, "2 draws that are not finite are left out")
}

func TestCornerErrors(t *testing.T) {
	for want, do := range map[string]func() (*Figure, error){
		"there are no columns":         func() (*Figure, error) { return Corner(nil, dataset.Matrix{}, nil) },
		"draws have 3 columns: want 2": func() (*Figure, error) { return Corner(cornerColumns(2), bananas(5, 3), nil) },
		"hold 3 numbers": func() (*Figure, error) {
			return Corner(cornerColumns(2), dataset.Matrix{Rows: 2, Cols: 2, Data: make([]float64, 3)}, nil)
		},
		"no row of finite numbers":      func() (*Figure, error) { return Corner(cornerColumns(1), table(1, math.NaN(), math.Inf(-1)), nil) },
		"the truth has 1 numbers: want": func() (*Figure, error) { return Corner(cornerColumns(2), bananas(5, 2), []float64{1}) },
	} {
		f, err := do()
		require.ErrorContains(t, err, "report: corner plot: ")
		assert.ErrorContains(t, err, want)
		assert.Nil(t, f)
	}
}
