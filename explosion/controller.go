package explosion

import "math"

// controller chooses steps by Gustafsson's proportional-integral rule for a
// method of fifth order: E. Hairer and G. Wanner, Solving Ordinary Differential
// Equations II, section IV.2.
type controller struct {
	previous float64 // error of the last accepted step
	rejected bool    // the last step
}

func newController() controller { return controller{previous: 1e-4} }

// next says whether a step with this error, relative to the tolerance, is good
// enough and by what factor the step should change.
func (c *controller) next(relative float64) (ok bool, factor float64) {
	const (
		safety       = 0.9
		integral     = 0.04
		proportional = 0.2 - 0.75*integral
		slowest      = 0.2
		fastest      = 10
	)
	if !(relative <= 1) {
		c.rejected = true
		if math.IsNaN(relative) {
			return false, slowest
		}
		return false, max(slowest, safety*math.Pow(relative, -0.2))
	}
	relative = max(relative, 1e-10)
	factor = safety * math.Pow(relative, -proportional) * math.Pow(c.previous, integral)
	factor = min(max(factor, slowest), fastest)
	if c.rejected {
		factor = min(factor, 1)
	}
	c.previous, c.rejected = max(relative, 1e-4), false
	return true, factor
}
