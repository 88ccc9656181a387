package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestController(t *testing.T) {
	c := newController()
	ok, factor := c.next(0)
	assert.True(t, ok)
	assert.Equal(t, 10.0, factor, "growth is bounded")
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
	assert.InDelta(t, 0.9*math.Pow(1.5, -0.2), factor, 1e-15)
}

// With the same error at every step the factor aims a little below the
// tolerance: an error of h⁵ becomes 0.9⁵ of it.
func TestControllerIsSteady(t *testing.T) {
	c, step := newController(), 1.0
	for range 200 {
		_, factor := c.next(1e3 * math.Pow(step, 5))
		step *= factor
	}
	assert.InDelta(t, 0.5, 1e3*math.Pow(step, 5), 0.15)
}
