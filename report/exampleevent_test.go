package report

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// keptDraws returns posteriors of one column, of which each event's draws have that spread, and two modes where it is
// negative.
func keptDraws(spreads ...float64) *posteriors {
	random := rand.New(rand.NewPCG(7, 8))
	unit := dataset.Matrix{Rows: 1, Cols: 1, Data: []float64{2}}
	p := &posteriors{encoding: dataset.Encoding{Positions: dataset.Scaler{Columns: []string{"x_C"}, Kept: []int{0}, Inverse: unit}}}
	for _, spread := range spreads {
		draws := dataset.NewMatrix(400, 1)
		for i := range draws.Data {
			draws.Data[i] = math.Abs(spread) * random.NormFloat64()
			if spread < 0 {
				draws.Data[i] = spread * (10*float64(i%2) + random.NormFloat64())
			}
		}
		p.keep(draws)
	}
	return p
}

func namesOf(examples []example) (names []string) {
	for _, e := range examples {
		names = append(names, e.Name)
	}
	return names
}

func TestExamples(t *testing.T) {
	p := keptDraws(1, 2, 3, -0.1, 4, 50, 5)
	assert.InDelta(t, 0.5, p.spreads[0], 0.05, "of the training part's 2")
	chosen := p.examples()
	require.Equal(t, []string{"typical", "wide", "two_modes"}, namesOf(chosen))
	assert.Equal(t, []int{2, 5, 3}, []int{chosen[0].Event, chosen[1].Event, chosen[2].Event})
	assert.Equal(t, p.kept[3], chosen[2].draws)

	assert.Equal(t, []string{"typical", "wide"}, namesOf(keptDraws(1, 2, 3).examples()))
	assert.Equal(t, []string{"typical"}, namesOf(keptDraws(1).examples()))
}
