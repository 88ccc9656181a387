package modelbench

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQuantiles(t *testing.T) {
	values := []float64{5, 1, 3, 2, 4}
	assert.Equal(t, 3.0, median(values))
	assert.InDelta(t, 1.4, quantile(values, 0.1), 1e-12)
	assert.InDelta(t, 4.6, quantile(values, 0.9), 1e-12)
	assert.Equal(t, 1.0, quantile(values, 0))
	assert.Equal(t, 5.0, quantile(values, 1))
	assert.Equal(t, []float64{5, 1, 3, 2, 4}, values, "they stay in their order")
	assert.Equal(t, 7.0, quantile([]float64{7}, 0.3))
	assert.True(t, math.IsNaN(quantile(nil, 0.5)))
	assert.Nil(t, spread(nil))
}

// A spread holds what it is of, whatever that is.
func TestSpreadIsOrdered(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 30; n++ {
		values := make([]float64, n)
		for i := range values {
			values[i] = random.NormFloat64()
		}
		s := spread(values)
		assert.LessOrEqual(t, s.P10, s.Median)
		assert.LessOrEqual(t, s.Median, s.P90)
	}
}

// Ratios are taken round by round: what slows both sides of a round down does not show in them.
func TestRatiosAreOfRounds(t *testing.T) {
	r := Result{Operations: 2e9}
	ours := [][]float64{{10, 20, 30}, {100, 200, 300}}
	r.describe(ours)
	r.describePeer(ours, [][]float64{{60}, {600}})
	r.describeFloor(ours, []float64{200, 20})
	assert.Equal(t, &Spread{3, 3, 3}, r.PeerOverOurs)
	assert.Equal(t, &Spread{2, 2, 2}, r.OursOverFloor)
	assert.Equal(t, 65.0, *r.MedianMS)
	assert.Equal(t, 55.0, *r.FloorMS)
	assert.Equal(t, 6, r.Samples)
}

func TestNumbersInWords(t *testing.T) {
	assert.Equal(t, "–", Digits(nil))
	assert.Equal(t, "0.0123", Digits(ptr(0.012345)))
	assert.Equal(t, "12345", Digits(ptr(12345.4)))
	assert.Equal(t, "(1–2.5)", Range(ptr(1.0), ptr(2.5)))
	assert.Empty(t, Range(nil, ptr(2.5)))
	var none *Spread
	assert.Equal(t, "–", none.Middle())
	assert.Empty(t, none.Limits())
	var nobody *Contestant
	assert.Empty(t, nobody.String())
}
