package retrieval

import (
	"fmt"
	"math"
)

// Noise says how far measured momenta may be from those of the geometry: the
// standard deviation of each component is √(Absolute² + (Relative·component)²). The
// zero value stands for exact momenta, which are fitted to about the integrator's
// tolerance.
type Noise struct {
	Absolute float64 `json:"absolute"` // atomic units
	Relative float64 `json:"relative"` // fraction of the measured component

	// InFrame takes the components of the momenta in their body frame for what is
	// measured, each with an error of its own, but those that are zero there: y and z
	// of the first axis atom, z of the second, and all z of three atoms. Otherwise
	// each of the 3N components has one, in the axes in which it was measured, as a
	// detector makes them, and how the molecule lay is found along with its shape.
	InFrame bool `json:"in_frame"`
}

func (n Noise) check() error {
	if !(n.Absolute >= 0) || math.IsInf(n.Absolute, 0) {
		return fmt.Errorf("absolute noise %g: want 0 or more", n.Absolute)
	}
	if !(n.Relative >= 0) || math.IsInf(n.Relative, 0) {
		return fmt.Errorf("relative noise %g: want 0 or more", n.Relative)
	}
	return nil
}

// deviations appends the standard deviations of components to dst. None is below
// the floor, which stands for what the integrator leaves open.
func (n Noise) deviations(dst, components []float64, floor float64) []float64 {
	for _, p := range components {
		dst = append(dst, math.Hypot(math.Hypot(n.Absolute, n.Relative*p), floor))
	}
	return dst
}
