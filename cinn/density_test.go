package cinn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// TestDensityOnAGrid sums exp(LogProb) over the plane: it must be one there, and what falls to each quadrant must be
// the share of draws that fall there.
func TestDensityOnAGrid(t *testing.T) {
	spline := Robust(2, 3, manyRows)
	spline.Coupling, spline.Permutation, spline.ActNorm = SplineCoupling, LinearPermutation, true
	for name, c := range map[string]Config{"reference": Reference(2, 3), "robust": Robust(2, 3, manyRows), "spline": spline} {
		for networks := 1; networks <= 2; networks++ {
			if c.Coupling == SplineCoupling && networks == 2 {
				continue // a spline has one network in either case
			}
			t.Run(fmt.Sprintf("%s/networks=%d", name, networks), func(t *testing.T) {
				bindingtest.NoLeak(t)
				c.Networks = networks
				m := smallModel(t, c)
				const count = 20000
				drawn := drawAt(t, m, 11, count)
				box := boxAround(drawn)
				mass := box.quadrants(gridDensity(t, m, box))
				assert.InDelta(t, 1, mass[0]+mass[1]+mass[2]+mass[3], 1e-3)
				for q, share := range box.quadrantShares(drawn) {
					assert.InDelta(t, mass[q], share, 4*math.Sqrt(mass[q]/count)+1e-3, "quadrant %d", q)
				}
			})
		}
	}
}

// smallModel is quick, and so short that the reference's free scale stays moderate for all draws.
func smallModel(t *testing.T, c Config) *Model {
	c.Couplings, c.Hidden = 6, []int64{16}
	m := newModel(t, c, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.05)
	return m
}

// gridCells is the number of cells along each side; even, so that quadrants are whole cells.
const gridCells = 400

type box struct{ low, high [2]float64 }

// boxAround holds all draws [n,2] with room to spare; its centre is their median.
func boxAround(drawn []float64) (b box) {
	for i := range b.low {
		sorted := slices.Sorted(slices.Values(modeltest.Column(drawn, i, 2)))
		median := sorted[len(sorted)/2]
		reach := 1.2 * max(median-sorted[0], sorted[len(sorted)-1]-median)
		b.low[i], b.high[i] = median-reach, median+reach
	}
	return b
}

func (b box) cell(i int) float64   { return (b.high[i] - b.low[i]) / gridCells }
func (b box) centre(i int) float64 { return (b.high[i] + b.low[i]) / 2 }

func (b box) quadrants(density []float64) (mass [4]float64) {
	for k, p := range density {
		i, j := k/gridCells, k%gridCells
		mass[2*(2*i/gridCells)+2*j/gridCells] += p * b.cell(0) * b.cell(1)
	}
	return mass
}

func (b box) quadrantShares(drawn []float64) (shares [4]float64) {
	each := 2 / float64(len(drawn))
	for k := 0; k < len(drawn); k += 2 {
		q := 0
		if drawn[k] > b.centre(0) {
			q += 2
		}
		if drawn[k+1] > b.centre(1) {
			q++
		}
		shares[q] += each
	}
	return shares
}

// gridDensity returns the density at the middle of each cell, the second coordinate fastest.
func gridDensity(t *testing.T, m *Model, b box) []float64 {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	const n = gridCells * gridCells
	points := make([]float64, 0, 2*n)
	for i := range gridCells {
		for j := range gridCells {
			points = append(points, b.low[0]+(float64(i)+0.5)*b.cell(0), b.low[1]+(float64(j)+0.5)*b.cell(1))
		}
	}
	x := s.FromFloat64s(points, binding.Float64, binding.CPU, n, 2)
	return bindingtest.Float64s(t, s, s.Exp(m.LogProb(s, x, oneCondition(s, m, n))))
}

func oneCondition(s *binding.Scope, m *Model, rows int64) binding.Tensor {
	return s.RepeatRows(modeltest.Normal(s, m.Params().DType(), 5, 1, m.Config().Conditions), rows)
}

// drawAt returns draws [count,D] under one condition.
func drawAt(t *testing.T, m *Model, seed uint64, count int64) []float64 {
	s := bindingtest.OpenSeeded(t, seed, binding.NoGrad())
	return bindingtest.Float64s(t, s, m.Sample(s, oneCondition(s, m, count)))
}

// TestDrawsAreStandardNormalInLatentSpace maps draws forward: their mean, variance and correlations are those of
// N(0, I), and each coordinate passes a Kolmogorov-Smirnov test.
func TestDrawsAreStandardNormalInLatentSpace(t *testing.T) {
	const dim, count = 5, 4000
	spline := Robust(dim, 2, manyRows)
	spline.Coupling, spline.Permutation, spline.ActNorm = SplineCoupling, RandomPermutation, true
	for name, c := range map[string]Config{"reference": Reference(dim, 2), "robust": Robust(dim, 2, manyRows), "spline": spline} {
		t.Run(name, func(t *testing.T) {
			bindingtest.NoLeak(t)
			m := smallModel(t, c)
			s := bindingtest.OpenSeeded(t, 3, binding.NoGrad())
			y := oneCondition(s, m, count)
			forward, _ := m.Forward(s, m.Sample(s, y), y)
			z := bindingtest.Float64s(t, s, forward)
			for i := range dim {
				zi := modeltest.Column(z, i, dim)
				mean, variance := stat.MeanVariance(zi, nil)
				assert.InDelta(t, 0, mean, 4/math.Sqrt(count), "mean of z%d", i)
				assert.InDelta(t, 1, variance, 4*math.Sqrt(2.0/count), "variance of z%d", i)
				assert.Less(t, distanceFromNormal(zi), 1.95/math.Sqrt(count), "Kolmogorov-Smirnov of z%d", i)
				for j := range i {
					assert.InDelta(t, 0, stat.Correlation(zi, modeltest.Column(z, j, dim), nil), 4/math.Sqrt(count), "z%d and z%d", i, j)
				}
			}
		})
	}
}

// distanceFromNormal is the largest distance between the distribution functions of a sample and of N(0,1): the
// statistic of Kolmogorov and Smirnov, which passes 1.95/√n once in a thousand samples.
func distanceFromNormal(sample []float64) (largest float64) {
	slices.Sort(sample)
	n := float64(len(sample))
	for i, v := range sample {
		p := distuv.UnitNormal.CDF(v)
		largest = max(largest, p-float64(i)/n, float64(i+1)/n-p)
	}
	return largest
}

// A flow of one coupling has a density in closed form: x1 is normal, and x2 normal given x1 and y.
func TestOneCouplingInClosedForm(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Config{Dim: 2, Conditions: 1, Couplings: 1, Networks: 2}, binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	modeltest.SetAll(t, m.Params(), map[string][]float64{
		"coupling.0.scale.0.weight": {0.3, -0.2}, "coupling.0.scale.0.bias": {0.1},
		"coupling.0.shift.0.weight": {-0.5, 0.7}, "coupling.0.shift.0.bias": {0.4},
	})
	x, y := []float64{0.8, -1.3}, 0.6
	scale, shift := 0.3*x[0]-0.2*y+0.1, -0.5*x[0]+0.7*y+0.4
	second := distuv.Normal{Mu: -shift * math.Exp(-scale), Sigma: math.Exp(-scale)}
	want := distuv.UnitNormal.LogProb(x[0]) + second.LogProb(x[1])
	got := m.LogProb(s, s.FromFloat64s(x, binding.Float64, binding.CPU, 1, 2), s.Full(y, binding.Float64, binding.CPU, 1, 1))
	assert.InDelta(t, want, bindingtest.Item(t, s, got), 1e-14)
}
