package explosion

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Orientation names how molecules lie in space.
type Orientation string

const (
	// OrientationFixed leaves molecules as their geometry has them.
	OrientationFixed Orientation = "fixed"
	// OrientationRandom turns each molecule about the origin by a rotation of its
	// own, all of them equally likely.
	OrientationRandom Orientation = "random"
)

func (o Orientation) complete() (Orientation, error) {
	switch o {
	case "":
		return OrientationFixed, nil
	case OrientationFixed, OrientationRandom:
		return o, nil
	}
	return o, fmt.Errorf("%q: want fixed or random", o)
}

// uniformRotation draws from the Haar measure, as a unit quaternion: K. Shoemake,
// Uniform random rotations, in Graphics Gems III (1992), page 124.
func uniformRotation(random *rand.Rand) rotation {
	u := random.Float64()
	sin1, cos1 := math.Sincos(2 * math.Pi * random.Float64())
	sin2, cos2 := math.Sincos(2 * math.Pi * random.Float64())
	r1, r2 := math.Sqrt(1-u), math.Sqrt(u)
	x, y, z, w := sin1*r1, cos1*r1, sin2*r2, cos2*r2
	return rotation{
		{1 - 2*(y*y+z*z), 2 * (x*y - w*z), 2 * (x*z + w*y)},
		{2 * (x*y + w*z), 1 - 2*(x*x+z*z), 2 * (y*z - w*x)},
		{2 * (x*z - w*y), 2 * (y*z + w*x), 1 - 2*(x*x+y*y)},
	}
}
