package retrieval

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/explosion"
)

// displacedPrior has atoms displaced from an equilibrium that lies in one way. The
// density of a shape is the mean over all ways that it may lie in. Few of them count,
// those near the way in which it fits the equilibrium best, and turns are drawn there.
type displacedPrior struct {
	recipe explosion.Recipe
	masses []float64 // ones, [N]: all atoms are displaced alike
	axes   rotation  // principal axes of the equilibrium
	reach  [3]float64
	weigh  func(displacements []float64) float64 // density of displacements [3N], whatever the place
}

func newDisplacedPrior(r explosion.Recipe) *displacedPrior {
	p := &displacedPrior{recipe: r, masses: make([]float64, len(r.Molecule.Atoms))}
	for i := range p.masses {
		p.masses[i] = 1
	}
	bohr := r.Geometry.DisplacementAngstrom * explosion.Angstrom.Bohr
	farthest := 2 * math.Sqrt(3) * bohr // that an atom may be from where it fits best
	switch r.Geometry.Kind {
	case explosion.GeometryUniform:
		p.weigh = func(d []float64) float64 { return roomInBox(d, bohr) }
	default:
		farthest = 5 * bohr
		p.weigh = func(d []float64) float64 { return math.Exp(-spread(d) / (2 * bohr * bohr)) }
	}
	p.axes, p.reach = principalAxes(centred(r.Molecule.Equilibrium, p.masses), farthest)
	return p
}

func (p *displacedPrior) draws(ctx context.Context, s *shape, n int, seed uint64) ([]float64, error) {
	return simulated(ctx, p.recipe, s, n, seed)
}

// principalAxes returns the axes of centred positions, the last along a line if they
// are on one, and how far a turn about each may go before the atom farthest from it has
// gone so far.
func principalAxes(positions []float64, farthest float64) (axes rotation, reach [3]float64) {
	moments := mat.NewSymDense(3, nil)
	for i := 0; i < len(positions); i += 3 {
		moments.SymRankOne(moments, 1, mat.NewVecDense(3, positions[i:i+3]))
	}
	var eigen mat.EigenSym
	var vectors mat.Dense
	eigen.Factorize(moments, true)
	eigen.VectorsTo(&vectors)
	for k := range 3 {
		axis := [3]float64{vectors.At(0, k), vectors.At(1, k), vectors.At(2, k)}
		off := 0.0
		for i := 0; i < len(positions); i += 3 {
			v := [3]float64(positions[i : i+3])
			along := dot(axis, v)
			off = max(off, sqrt(dot(v, v)-along*along))
		}
		axes[k], reach[k] = axis, farthest/off
	}
	return axes, reach
}

func (p *displacedPrior) density(s *shape, coordinates []float64, random *rand.Rand) float64 {
	const turns = 64
	positions, err := s.frame.ZMatrix.Build(nil, coordinates)
	if err != nil {
		return 0
	}
	equilibrium := centred(p.recipe.Molecule.Equilibrium, p.masses)
	fitted := fit(centred(positions, p.masses), equilibrium, p.masses)
	turned, sum := make([]float64, len(fitted)), 0.0
	for range turns {
		copy(turned, fitted)
		var angles [3]float64
		for k, axis := range p.axes {
			angles[k] = math.Min(p.reach[k], math.Pi) * (2*random.Float64() - 1)
			rotate(turned, scaled(angles[k], axis))
		}
		for i := range turned {
			turned[i] -= equilibrium[i]
		}
		sum += p.weigh(turned) * math.Abs(math.Cos(angles[1])) // all turns are alike in number
	}
	return volume(s.frame.ZMatrix, coordinates) * sum / turns
}

// roomInBox is the volume of the shifts that leave every displacement within ±half.
func roomInBox(displacements []float64, half float64) float64 {
	room := 1.0
	for k := range 3 {
		low, high := math.Inf(1), math.Inf(-1)
		for i := k; i < len(displacements); i += 3 {
			low, high = min(low, displacements[i]), max(high, displacements[i])
		}
		room *= max(0, 2*half-(high-low))
	}
	return room
}

// spread is the sum of squares about the mean displacement.
func spread(displacements []float64) (sum float64) {
	n := float64(len(displacements) / 3)
	for k := range 3 {
		mean, square := 0.0, 0.0
		for i := k; i < len(displacements); i += 3 {
			mean += displacements[i]
			square += displacements[i] * displacements[i]
		}
		sum += square - mean*mean/n
	}
	return sum
}

// centred returns positions around their centre.
func centred(positions, masses []float64) []float64 {
	var centre [3]float64
	total := 0.0
	for i, m := range masses {
		total += m
		for k := range centre {
			centre[k] += m * positions[3*i+k]
		}
	}
	out := make([]float64, len(positions))
	for i := range out {
		out[i] = positions[i] - centre[i%3]/total
	}
	return out
}

// fit turns centred positions to where they are nearest to a reference: W. Kabsch,
// Acta Cryst. A 32, 922 (1976).
func fit(positions, reference, masses []float64) []float64 {
	covariance := mat.NewDense(3, 3, nil)
	for i, m := range masses {
		a, b := mat.NewVecDense(3, reference[3*i:3*i+3]), mat.NewVecDense(3, positions[3*i:3*i+3])
		covariance.RankOne(covariance, m, a, b)
	}
	var svd mat.SVD
	svd.Factorize(covariance, mat.SVDFull)
	var u, v, turn mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	if mat.Det(&u)*mat.Det(&v) < 0 {
		for i := range 3 {
			u.Set(i, 2, -u.At(i, 2))
		}
	}
	turn.Mul(&u, v.T())
	out := make([]float64, len(positions))
	for i := 0; i < len(out); i += 3 {
		mat.NewVecDense(3, out[i:i+3]).MulVec(&turn, mat.NewVecDense(3, positions[i:i+3]))
	}
	return out
}
