package retrieval

import (
	"fmt"
	"math"
	"slices"
)

const (
	// neighbours is how many shapes of each sheet are looked at.
	neighbours = 40
	// fits is how many of them are refined at most.
	fits = 4
	// apart is how different starts must be in a length, as a fraction, or an angle,
	// in radians.
	apart = 0.1
	// farSpacings and farNoise are how far a neighbour's momenta are at most, in units
	// of the table's spacing or of the noise.
	farSpacings = 2
	farNoise    = 4
)

// search retrieves one event after another. It serves one goroutine at a time.
type search struct {
	*Retriever
	refiner     *refiner
	observation observation
	starts      []start
	tried       [][]float64
	found       []Solution
}

// search returns one that is idle, or a new one.
func (v *Retriever) search() (*search, error) {
	if s, ok := v.idle.Get().(*search); ok {
		return s, nil
	}
	by, err := newForward(v.shape, v.solver)
	if err != nil {
		return nil, fmt.Errorf("retrieval: %w", err)
	}
	return &search{Retriever: v, refiner: newRefiner(by, v.options.Noise)}, nil
}

func (s *search) retrieve(momenta []float64, starts [][]float64) ([]Solution, error) {
	if err := s.observation.observe(s.shape, s.options.Noise, s.solver.Tolerance, momenta); err != nil {
		return nil, fmt.Errorf("retrieval: read event: %w", err)
	}
	s.found = nil
	s.fromAtlas()
	s.fromPositions(starts)
	s.acrossFolds()
	return s.finish()
}

// fromAtlas starts on each sheet of the map from those shapes whose momenta are as near
// as the table's spacing and the noise let expect of a neighbour, and from the nearest
// of all if there is none.
func (s *search) fromAtlas() {
	o := &s.observation
	noise := norm(o.deviations) / norm(o.targets)
	var nearest []start
	for sheet := range s.atlas.sheets {
		s.starts = s.atlas.near(s.starts[:0], s.shape, o, sheet, neighbours)
		if len(s.starts) > 0 && (nearest == nil || s.starts[0].distance < nearest[0].distance) {
			nearest = slices.Clone(s.starts[:1])
		}
		s.starts = slices.DeleteFunc(s.starts, func(a start) bool { return a.spacings > farSpacings && a.distance > farNoise*noise })
		s.tryAll(s.starts, fits)
	}
	if len(s.found) == 0 {
		s.tryAll(nearest, 1)
	}
}

func (s *search) fromPositions(all [][]float64) {
	s.starts = s.starts[:0]
	for _, positions := range all {
		if coordinates, err := s.shape.coordinates(nil, positions); err == nil {
			s.starts = append(s.starts, start{coordinates: coordinates})
		}
	}
	s.tryAll(s.starts, len(s.starts))
}

// acrossFolds looks for the partners of all solutions, and for theirs.
func (s *search) acrossFolds() {
	for i := 0; i < len(s.found); i++ {
		at := s.found[i].Internal
		if coordinates, near := s.refiner.partner(&s.observation, at); near && !s.expected(at, coordinates) {
			s.try(coordinates)
		}
	}
}

// expected reports whether a partner is nearer to another solution than half the way
// that led to it.
func (s *search) expected(at, partner []float64) bool {
	way := s.shape.distance(at, partner)
	return slices.ContainsFunc(s.found, func(t Solution) bool { return s.shape.distance(t.Internal, partner) < way/2 })
}

// tryAll refines starts, at most so many, but those near to what has been tried or
// found from this list.
func (s *search) tryAll(starts []start, most int) {
	s.tried = s.tried[:0]
	for _, start := range starts {
		if most == 0 {
			return
		}
		if s.near(start.coordinates) {
			continue
		}
		most--
		s.tried = append(s.tried, start.coordinates)
		s.try(start.coordinates)
	}
}

func (s *search) try(coordinates []float64) {
	iterations, converged, err := s.refiner.refine(&s.observation, coordinates)
	if err != nil || s.refiner.now.chiSquare > s.options.MaxChiSquare {
		return
	}
	s.fold()
	found, ok := s.refiner.solution(iterations, converged)
	s.tried = append(s.tried, found.Internal)
	if !ok || slices.ContainsFunc(s.found, func(t Solution) bool { return t.same(&found) || found.same(&t) }) {
		return
	}
	s.found = append(s.found, found)
}

// fold brings the coordinates that were found into their ranges.
func (s *search) fold() {
	r := s.refiner
	folded := slices.Clone(r.now.coordinates)
	s.shape.frame.ZMatrix.Fold(folded)
	if slices.Equal(folded, r.now.coordinates) {
		return
	}
	if r.trial.compare(r.forward, &s.observation, r.noise, folded) == nil {
		r.now, r.trial = r.trial, r.now
		r.linearise()
	}
}

// near reports whether coordinates are so near to what has been tried or found that
// they would lead there.
func (s *search) near(coordinates []float64) bool {
	lengths := s.shape.frame.ZMatrix.Lengths()
	return slices.ContainsFunc(s.tried, func(tried []float64) bool {
		for i, x := range tried {
			limit := apart
			if i < lengths {
				limit *= x
			}
			if math.Abs(coordinates[i]-x) > limit {
				return false
			}
		}
		return true
	})
}

// finish completes what was found.
func (s *search) finish() ([]Solution, error) {
	weigh(s.shape, s.prior, s.found, s.options.Seed)
	for i := range s.found {
		var err error
		if s.found[i].Positions, err = s.shape.frame.Cartesian(nil, s.found[i].Internal); err != nil {
			return nil, fmt.Errorf("retrieval: place solution: %w", err)
		}
	}
	slices.SortStableFunc(s.found, func(a, b Solution) int {
		switch {
		case a.Weight > b.Weight:
			return -1
		case a.Weight < b.Weight:
			return 1
		}
		return 0
	})
	return s.found, nil
}
