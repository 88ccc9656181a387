package explosion

import "math"

// controller chooses steps by Gustafsson's proportional-integral rule: E. Hairer
// and G. Wanner, Solving Ordinary Differential Equations II, section IV.2.
type controller struct {
	order    float64
	previous float64 // logarithm of the error of the last accepted step
	rejected bool    // the last step
}

func newController(order int) controller {
	return controller{order: float64(order), previous: math.Log(1e-4)}
}

// next says whether a step with this error, relative to the tolerance, is good
// enough and by what factor the step should change.
func (c *controller) next(relative float64) (ok bool, factor float64) {
	const (
		safety       = 0.9
		proportional = 0.85 // of 1/order
		integral     = 0.2
		slowest      = 0.2
		fastest      = 10
	)
	if !(relative <= 1) {
		c.rejected = true
		if math.IsNaN(relative) {
			return false, slowest
		}
		return false, max(slowest, safety*math.Pow(relative, -1/c.order))
	}
	logarithm := math.Log(max(relative, 1e-10))
	factor = safety * math.Exp((integral*c.previous-proportional*logarithm)/c.order)
	factor = min(max(factor, slowest), fastest)
	if c.rejected {
		factor = min(factor, 1)
	}
	c.previous, c.rejected = max(logarithm, math.Log(1e-4)), false
	return true, factor
}
