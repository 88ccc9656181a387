package explosion

import "math/rand/v2"

// eventSource draws the initial conditions of events. Each event has a random
// stream of its own, so that it does not matter who draws it, or when.
type eventSource struct {
	seed         uint64
	displacement float64 // Bohr
	generator    *rand.PCG
	random       *rand.Rand
}

func newEventSource(r Recipe) *eventSource {
	generator := rand.NewPCG(0, 0)
	return &eventSource{
		seed:         r.Seed,
		displacement: r.Displacement.Angstrom * Angstrom.Bohr,
		generator:    generator,
		random:       rand.New(generator),
	}
}

// appendPositions appends the positions [3N] of an event to dst.
func (s *eventSource) appendPositions(dst []float64, m Molecule, index int) []float64 {
	s.generator.Seed(scramble(s.seed), scramble(uint64(index)))
	for _, x := range m.Equilibrium {
		dst = append(dst, x+s.displacement*(2*s.random.Float64()-1))
	}
	return dst
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
