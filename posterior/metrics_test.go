package posterior

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/dataset"
)

func normalDraws(rows, cols int, seed uint64) dataset.Matrix {
	random := rand.New(rand.NewPCG(seed, 0))
	m := dataset.NewMatrix(rows, cols)
	for i := range m.Data {
		m.Data[i] = random.NormFloat64()
	}
	return m
}

func TestErrorsByHand(t *testing.T) {
	e := newErrors(6, 2, 0.5)
	e.add([]float64{1, 2, 3, 0, 0.3, 1}, []float64{1, 0, 3, 0, 0.1, 2})
	e.add([]float64{0, 0, 0, 0, 0, 0}, []float64{3, 4, 0, 1, 0, 0})
	total := e.total()
	require.InDelta(t, (4+0.04+1+9+16+1)/12.0, total.MSE, 1e-15)
	require.InDelta(t, (0+0+2+0.5+1+1+1)/7.0, total.MRE, 1e-15, "components that are exactly zero are left out")
	require.InDelta(t, (0+0+0.5+1+1+1)/6.0, total.MREMasked, 1e-15, "and here those below 0.5")
	require.InDelta(t, (2+math.Hypot(0.2, 1)+5+1)/4.0, total.ADE, 1e-15)
	require.InDelta(t, 9/2.0, e.component(0).MSE, 1e-15)
	require.InDelta(t, 0.5, e.component(0).MRE, 1e-15)
}

func TestErrorsOfNothingCountedAreZero(t *testing.T) {
	e := newErrors(3, 1, 1)
	e.add([]float64{1, 1, 1}, []float64{0, 0, 0})
	require.Zero(t, e.total().MRE)
	require.Zero(t, e.total().MREMasked)
}

func TestEnergyScoreAgainstTheDoubleSum(t *testing.T) {
	draws, truth := normalDraws(400, 4, 1), []float64{0.5, -1, 0, 2}
	miss, spread := 0.0, 0.0
	for i := range draws.Rows {
		miss += floats.Distance(draws.Row(i), truth, 2)
		for j := range draws.Rows {
			spread += floats.Distance(draws.Row(i), draws.Row(j), 2)
		}
	}
	n := float64(draws.Rows)
	require.InDelta(t, miss/n-spread/(2*n*(n-1)), energyScore(draws, truth), 0.06)
}

func TestEnergyScoreIsProper(t *testing.T) {
	sharp, wide, shifted := 0.0, 0.0, 0.0
	truths := normalDraws(500, 3, 2)
	for i := range truths.Rows {
		good := normalDraws(100, 3, uint64(100+i))
		x := truths.Row(i)
		sharp += energyScore(good, x)
		moved := dataset.NewMatrix(100, 3)
		broad := dataset.NewMatrix(100, 3)
		for k, v := range good.Data {
			moved.Data[k], broad.Data[k] = v+1, 2*v
		}
		shifted += energyScore(moved, x)
		wide += energyScore(broad, x)
	}
	require.Less(t, sharp, wide)
	require.Less(t, sharp, shifted)
}

func TestCoverageOfCalibratedDraws(t *testing.T) {
	c := newCounter(2, []int{0, 1})
	truths := normalDraws(3000, 2, 3)
	for i := range truths.Rows {
		c.add(normalDraws(99, 2, uint64(i+10)), truths.Row(i))
	}
	for name, nominal := range map[string]float64{"0.5": 0.5, "0.68": 0.68, "0.9": 0.9, "0.95": 0.95} {
		require.InDelta(t, nominal, c.over([]int{0, 1})[name], 0.03, name)
		one, both := c.errorOf(0)[name], c.errorOfMean()[name]
		require.InEpsilon(t, math.Sqrt(nominal*(1-nominal)/3000), one, 0.15, name)
		require.InEpsilon(t, one/math.Sqrt2, both, 0.15, "these two components are independent")
	}
}

func TestRank(t *testing.T) {
	m := dataset.Matrix{Rows: 4, Cols: 1, Data: []float64{1, 2, 2, 3}}
	require.Equal(t, 0.5, rank(m, 0, 2))
	require.Equal(t, 0.0, rank(m, 0, 0))
	require.Equal(t, 1.0, rank(m, 0, 9))
}
