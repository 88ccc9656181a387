package explosion

import (
	"errors"
	"math"
	"math/rand/v2"
)

// geometrySampler writes the positions [3N] of an event in Bohr.
type geometrySampler func(random *rand.Rand, index int, positions []float64) error

// sampler expects a geometry that is complete for the molecule. The samplers of
// two calls share nothing that they write to.
func (g Geometry) sampler(m Molecule) (geometrySampler, error) {
	bohr := g.DisplacementAngstrom * Angstrom.Bohr
	switch g.Kind {
	case GeometryUniform:
		return displacing(m, func(random *rand.Rand) float64 { return bohr * (2*random.Float64() - 1) }), nil
	case GeometryNormal:
		return displacing(m, func(random *rand.Rand) float64 { return bohr * random.NormFloat64() }), nil
	case GeometryBall:
		return ball(g.RadiusAngstrom*Angstrom.Bohr, g.SeparationAngstrom*Angstrom.Bohr), nil
	case GeometryVibrational:
		return vibrating(m, g.Kelvin), nil
	case GeometryGrid:
		return gridSampler(m, g.Grid)
	case GeometryInternal:
		return internalSampler(m, g.Internal)
	}
	return func(_ *rand.Rand, _ int, positions []float64) error {
		copy(positions, m.Equilibrium)
		return nil
	}, nil
}

func displacing(m Molecule, displacement func(*rand.Rand) float64) geometrySampler {
	return func(random *rand.Rand, _ int, positions []float64) error {
		for i, x := range m.Equilibrium {
			positions[i] = x + displacement(random)
		}
		return nil
	}
}

// ballTries bounds the configurations drawn for an event. One in a thousand is
// accepted by then with all but certainty.
const ballTries = 20_000

var errCrowded = errors.New("no geometry in the ball whose atoms are far enough apart was found")

// ball rejects whole configurations, which leaves all that are allowed equally
// likely; replacing single atoms would not.
func ball(radius, separation float64) geometrySampler {
	return func(random *rand.Rand, _ int, positions []float64) error {
		for range ballTries {
			if placeApart(random, radius, separation, positions) {
				return nil
			}
		}
		return errCrowded
	}
}

func placeApart(random *rand.Rand, radius, separation float64, positions []float64) bool {
	for i := 0; i < len(positions); i += 3 {
		atom := pointInBall(random).scale(radius)
		for j := 0; j < i; j += 3 {
			if d := atom.sub(vectorAt(positions, j)); d.dot(d) < separation*separation {
				return false
			}
		}
		atom.put(positions, i)
	}
	return true
}

func pointInBall(random *rand.Rand) vector {
	for {
		v := vector{2*random.Float64() - 1, 2*random.Float64() - 1, 2*random.Float64() - 1}
		if v.dot(v) <= 1 {
			return v
		}
	}
}

// vibrating adds to the equilibrium a Gaussian times each mode.
func vibrating(m Molecule, kelvin float64) geometrySampler {
	masses := m.Masses()
	var modes [][]float64
	for _, v := range m.Vibrations {
		spread, _ := wignerSpread(v.frequency(), kelvin)
		mode := v.shape(masses)
		for i := range mode {
			mode[i] *= spread / math.Sqrt(masses[i/3])
		}
		modes = append(modes, mode)
	}
	return func(random *rand.Rand, _ int, positions []float64) error {
		copy(positions, m.Equilibrium)
		for _, mode := range modes {
			amplitude := random.NormFloat64()
			for i, x := range mode {
				positions[i] += amplitude * x
			}
		}
		return nil
	}
}
