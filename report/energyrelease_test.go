package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEnergyRelease(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var many []float64
	for range 100_000 {
		many = append(many, 108+9*r.NormFloat64())
	}
	nan := math.NaN()
	for name, sets := range map[string][2][]float64{
		"many":        {many, many[:1000]},
		"one":         {{108}, {107}},
		"data alone":  {many[:500], nil},
		"draws alone": {nil, many[:500]},
		"the same":    {{108, 108, 108}, {108, 108}},
		"zero":        {{0}, {0}},
		"not finite":  {{nan, 1, 2}, {math.Inf(1), 3}},
		"far apart":   {{1, 2, 3}, {1e12, 2e12}},
		"negative":    {{-5, -4}, {-3}},
		"huge":        {{1e99, -1e99}, {0}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := EnergyRelease(sets[0], sets[1])
			words := drawn(t, f, err)
			assert.Equal(t, len(sets[0]) > 0, strings.Contains(words, "data, "))
			assert.Equal(t, len(sets[1]) > 0, strings.Contains(words, "re-exploded draws, "))
			if name == "not finite" {
				assert.Contains(t, f.Caption, "2 numbers that are not finite are left out")
			}
		})
	}
	for _, none := range [][]float64{nil, {nan, math.Inf(-1)}} {
		_, err := EnergyRelease(none, none)
		assert.ErrorContains(t, err, "report: kinetic energy release: there is no row of finite numbers")
	}
}

// Densities have area one, but for what is outside the range.
func TestDensitiesHaveAreaOne(t *testing.T) {
	values := []float64{1, 1, 2, 3, 3, 3, 4, 9}
	b := binned(values, span{1, 5}, 7).densities()
	area := 0.0
	for i, height := range b.counts {
		area += height * (b.edge(i+1) - b.edge(i))
	}
	assert.InEpsilon(t, 7.0/8, area, 1e-12)
	stairs := b.stairs()
	require.Len(t, stairs, 2*7+2)
	assert.Equal(t, 1.0, stairs[0].X)
	assert.Equal(t, 5.0, stairs[len(stairs)-1].X)
}
