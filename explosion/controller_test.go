package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestController(t *testing.T) {
	for _, order := range []int{5, 8} {
		c := newController(order)
		ok, factor := c.next(0)
		assert.True(t, ok)
		assert.LessOrEqual(t, factor, 10.0, "growth is bounded")
		assert.Greater(t, factor, 4.0)
		for _, bad := range []float64{math.NaN(), math.Inf(1), 1e9} {
			ok, factor = c.next(bad)
			assert.False(t, ok)
			assert.Equal(t, 0.2, factor, "and so is shrinking")
		}
		ok, factor = c.next(1e-3)
		assert.True(t, ok)
		assert.Equal(t, 1.0, factor, "no growth right after a rejection")
		ok, factor = c.next(1.5)
		assert.False(t, ok)
		assert.InDelta(t, 0.9*math.Pow(1.5, -1/float64(order)), factor, 1e-15)
	}
}

// With the same error at every step the factor aims a little below the
// tolerance.
func TestControllerIsSteady(t *testing.T) {
	for order, want := range map[int]float64{5: 0.44, 8: 0.27} {
		c, step := newController(order), 1.0
		errorOf := func() float64 { return 1e3 * math.Pow(step, float64(order)) }
		for range 200 {
			_, factor := c.next(errorOf())
			step *= factor
		}
		assert.InDelta(t, want, errorOf(), 0.01, "order %d", order)
	}
}
