package cinn

// CouplingKind says how a coupling transforms a coordinate.
type CouplingKind string

const (
	// AffineCoupling stretches and shifts it (Dinh et al. 2017, arXiv:1605.08803).
	AffineCoupling CouplingKind = "affine"
	// SplineCoupling bends it by a monotone rational-quadratic spline with linear tails (Durkan et al. 2019, Neural spline
	// flows, arXiv:1906.04032). Networks and Clamp have no say in it: one network gives all of a spline's numbers.
	SplineCoupling CouplingKind = "spline"
)

// Permutation says how coordinates are mixed after each coupling, so that those that passed are transformed by the next.
type Permutation string

const (
	// Flip reverses them.
	Flip Permutation = "flip"
	// RandomPermutation puts them in a random order, another for each coupling, that follows from the seed of the first
	// weights and is saved with them.
	RandomPermutation Permutation = "random"
	// LinearPermutation is a learned linear map, which starts as a random permutation (Kingma & Dhariwal 2018, Glow,
	// arXiv:1807.03039, section 3.2).
	LinearPermutation Permutation = "linear"
)

// What a spline has where the Config says nothing. The bound holds all but one in ten thousand of the standard normal
// numbers that the flow ends in.
const (
	defaultBins  = 8
	defaultBound = 4
)

// normal returns the same model's config in one spelling, in which what is default is zero, as in those that were stored
// before there was a choice.
func (c Config) normal() Config {
	if c.Permutation == Flip {
		c.Permutation = ""
	}
	if c.Coupling != SplineCoupling {
		if c.Coupling == AffineCoupling {
			c.Coupling = ""
		}
		c.Bins, c.Bound = 0, 0
		return c
	}
	if c.Bins == 0 {
		c.Bins = defaultBins
	}
	if c.Bound == 0 {
		c.Bound = defaultBound
	}
	return c
}
