package report

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/dataset"
)

func TestValley(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	draws := func(n, d int, value func(i, j int) float64) dataset.Matrix {
		m := dataset.NewMatrix(n, d)
		for i := range n {
			for j := range d {
				m.Row(i)[j] = value(i, j)
			}
		}
		return m
	}
	normal := func(_, _ int) float64 { return random.NormFloat64() }
	for name, m := range map[string]dataset.Matrix{
		"normal":     draws(500, 3, normal),
		"one column": draws(500, 1, normal),
		"uniform":    draws(500, 2, func(_, _ int) float64 { return random.Float64() }),
		"skewed":     draws(500, 2, func(_, _ int) float64 { return random.ExpFloat64() }),
		"one far":    draws(500, 1, func(i, _ int) float64 { return 1000 * float64(i/499) }),
		"constant":   draws(500, 2, func(_, _ int) float64 { return 7 }),
		"two draws":  draws(2, 3, normal),
	} {
		assert.Greater(t, valley(m), clearValley, name)
	}
	apart := draws(500, 3, func(i, j int) float64 { return random.NormFloat64() + float64(i%3/2*(j+5)) })
	assert.Less(t, valley(apart), clearValley, "a third of the draws lies five standard deviations off")
}

func TestTwoMeans(t *testing.T) {
	low, high, share := twoMeans([]float64{0, 0.5, 1, 10, 11})
	assert.InDeltaSlice(t, []float64{0.5, 10.5, 0.4}, []float64{low, high, share}, 1e-12)
}
