package explosion

import "math/rand/v2"

// eventSource draws the initial conditions of events. Each event has a random
// stream of its own, so that it does not matter who draws it, or when.
//
// The order in which an event draws is part of what a seed means: geometry,
// channel, motion, orientation, origin, detector. What a recipe does not ask for
// draws nothing.
type eventSource struct {
	recipe    Recipe
	generator *rand.PCG
	random    *rand.Rand
	geometry  geometrySampler
	motion    motionSampler // nil at rest
	weights   []float64     // of the channels, added up
}

// newEventSource expects a complete recipe.
func newEventSource(r Recipe) (*eventSource, error) {
	geometry, err := r.Geometry.sampler(r.Molecule)
	if err != nil {
		return nil, err
	}
	generator := rand.NewPCG(0, 0)
	s := &eventSource{
		recipe:    r,
		generator: generator,
		random:    rand.New(generator),
		geometry:  geometry,
		motion:    r.Motion.sampler(r.Molecule, r.Geometry.Kelvin),
	}
	sum := 0.0
	for _, c := range r.Channels {
		sum += c.Weight
		s.weights = append(s.weights, sum)
	}
	return s, nil
}

// draw writes the positions [3N] and, unless atoms are at rest, the momenta [3N]
// of an event, and returns its channel. The channel is valid whatever the error.
// The event's stream goes on in random.
func (s *eventSource) draw(index int, positions, momenta []float64) (channel int, err error) {
	s.generator.Seed(scramble(s.recipe.Seed), scramble(uint64(index)))
	err = s.geometry(s.random, index, positions)
	channel = s.drawChannel()
	if err != nil {
		return channel, err
	}
	if s.motion != nil {
		s.motion(s.random, momenta)
	}
	if s.recipe.Orientation == OrientationRandom {
		turn := uniformRotation(s.random)
		turn.turn(positions)
		if s.motion != nil {
			turn.turn(momenta)
		}
	}
	if spread := s.recipe.OriginAngstrom * Angstrom.Bohr; spread > 0 {
		origin := vector{s.random.NormFloat64(), s.random.NormFloat64(), s.random.NormFloat64()}.scale(spread)
		for i := 0; i < len(positions); i += 3 {
			vectorAt(positions, i).add(origin).put(positions, i)
		}
	}
	return channel, nil
}

func (s *eventSource) drawChannel() int {
	last := len(s.weights) - 1
	if last == 0 {
		return 0
	}
	x := s.random.Float64() * s.weights[last]
	for channel, weight := range s.weights[:last] {
		if x < weight {
			return channel
		}
	}
	return last
}

// scramble spreads neighbouring numbers over all 64 bits, lest neighbouring
// events start in neighbouring states: the finalizer of SplitMix64, G. L. Steele,
// D. Lea and C. H. Flood, OOPSLA 2014, doi:10.1145/2660193.2660195.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
