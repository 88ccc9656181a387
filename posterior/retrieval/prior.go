package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/explosion"
)

// prior is the distribution of shapes before the momenta are looked at.
type prior interface {
	// draws appends the coordinates of n shapes to nothing: [n, dim].
	draws(ctx context.Context, s *shape, n int, seed uint64) ([]float64, error)
	// density is that of internal coordinates, not normalised. Where it has to be
	// averaged over orientations, each call is an unbiased estimate of it.
	density(s *shape, coordinates []float64, random *rand.Rand) float64
}

func newPrior(r explosion.Recipe, s *shape) (prior, error) {
	switch g := r.Geometry; g.Kind {
	case explosion.GeometryGrid:
		box, err := explosion.NewGridBox(r.Molecule, g.Grid)
		return gridPrior{box}, err
	case explosion.GeometryInternal:
		box, err := explosion.NewInternalBox(r.Molecule, g.Internal)
		return gridPrior{box}, err
	case explosion.GeometryUniform, explosion.GeometryNormal:
		return newDisplacedPrior(r), nil
	case explosion.GeometryVibrational:
		return newVibratingPrior(r), nil
	case explosion.GeometryBall:
		return ballPrior{r}, nil
	}
	return nil, errors.New("geometry equilibrium is a single one: want geometries to choose from")
}

// simulated returns the coordinates of a recipe's geometries.
func simulated(ctx context.Context, r explosion.Recipe, s *shape, n int, seed uint64) (all []float64, err error) {
	r.First, r.Events, r.Seed = 0, n, seed
	r.Motion, r.Orientation, r.Detector, r.OriginAngstrom = explosion.Motion{}, "", explosion.Detector{}, 0
	_, err = explosion.Simulate(ctx, r, 0, func(e explosion.Event) error {
		if next, err := s.coordinates(all, e.Positions); err == nil {
			all = next // else a dihedral is undefined
		}
		return nil
	})
	return all, err
}

// gridPrior is uniform in the coordinates of a grid's axes, between its points too, or
// in ranges of internal coordinates.
type gridPrior struct{ explosion.GridBox }

func (p gridPrior) draws(_ context.Context, s *shape, n int, seed uint64) (all []float64, err error) {
	random := rand.New(rand.NewPCG(seed, 0))
	coordinates := append([]float64(nil), p.Equilibrium...)
	var positions []float64
	for range n {
		for k, slot := range p.Slots {
			coordinates[slot] = p.From[k] + random.Float64()*(p.To[k]-p.From[k])
		}
		if positions, err = p.ZMatrix.Build(positions[:0], coordinates); err != nil {
			return nil, err
		}
		if next, err := s.coordinates(all, positions); err == nil {
			all = next
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no geometry in the ranges has internal coordinates: want none with atoms at one place")
	}
	return all, nil
}

// density does not look at coordinates that no axis has.
func (p gridPrior) density(s *shape, coordinates []float64, _ *rand.Rand) float64 {
	positions, err := s.frame.ZMatrix.Build(nil, coordinates)
	if err != nil {
		return 0
	}
	own, err := p.ZMatrix.Measure(nil, positions)
	if err != nil {
		return 0
	}
	for k, slot := range p.Slots {
		if !within(own[slot], p.From[k], p.To[k], slot >= p.ZMatrix.FirstDihedral()) {
			return 0
		}
	}
	return volume(s.frame.ZMatrix, coordinates) / volume(p.ZMatrix, own)
}

// within reports whether a coordinate lies in a range, to rounding; that of an angle
// that goes round may be any turns away.
func within(x, from, to float64, round bool) bool {
	if from > to {
		from, to = to, from
	}
	slack := 1e-9 * (math.Abs(from) + math.Abs(to))
	if round {
		x -= 2 * math.Pi * math.Floor((x-from+slack)/(2*math.Pi))
	}
	return x >= from-slack && x <= to+slack
}

// ballPrior has atoms anywhere in a ball, apart from each other.
type ballPrior struct{ recipe explosion.Recipe }

func (p ballPrior) draws(ctx context.Context, s *shape, n int, seed uint64) ([]float64, error) {
	return simulated(ctx, p.recipe, s, n, seed)
}

// density averages over the molecule's place: the ball around its first atom holds
// all centres that the ball of the recipe can have.
func (p ballPrior) density(s *shape, coordinates []float64, random *rand.Rand) float64 {
	const centres = 64
	positions, err := s.frame.ZMatrix.Build(nil, coordinates)
	if err != nil {
		return 0
	}
	radius := p.recipe.Geometry.RadiusAngstrom * explosion.Angstrom.Bohr
	separation := p.recipe.Geometry.SeparationAngstrom * explosion.Angstrom.Bohr
	for i := 0; i < len(positions); i += 3 {
		for j := 0; j < i; j += 3 {
			if distance(positions[i:], positions[j:]) < separation {
				return 0
			}
		}
	}
	inside := 0
	for range centres {
		centre := inBall(random, radius)
		for k := range centre {
			centre[k] += positions[k]
		}
		if allNear(positions, centre, radius) {
			inside++
		}
	}
	return volume(s.frame.ZMatrix, coordinates) * float64(inside) / centres
}

func distance(a, b []float64) float64 {
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

func allNear(positions []float64, centre [3]float64, radius float64) bool {
	for i := 0; i < len(positions); i += 3 {
		if distance(positions[i:], centre[:]) > radius {
			return false
		}
	}
	return true
}

func inBall(random *rand.Rand, radius float64) [3]float64 {
	for {
		v := [3]float64{2*random.Float64() - 1, 2*random.Float64() - 1, 2*random.Float64() - 1}
		if dot(v, v) <= 1 {
			return scaled(radius, v)
		}
	}
}
