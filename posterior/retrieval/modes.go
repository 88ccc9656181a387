package retrieval

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/explosion"
)

// vibratingPrior draws normal coordinates from Gaussians. Displacements along modes do
// not turn the molecule (C. Eckart, Phys. Rev. 47, 552 (1935)), and so lie in the way in
// which a shape fits the equilibrium best: normal coordinates are functions of the
// internal ones, and of the turn about its line where the equilibrium is linear.
type vibratingPrior struct {
	recipe explosion.Recipe
	masses []float64
	rows   [][]float64 // of each mode: its coordinate, in standard deviations, by displacements
	line   *[3]float64 // nil unless the equilibrium is linear
}

func newVibratingPrior(r explosion.Recipe) *vibratingPrior {
	p := &vibratingPrior{recipe: r, masses: r.Molecule.Masses()}
	for _, v := range r.Molecule.Vibrations {
		square := 0.0
		for i, x := range v.Displacement {
			square += p.masses[i/3] * x * x
		}
		row := make([]float64, len(v.Displacement))
		for i, x := range v.Displacement {
			row[i] = x * p.masses[i/3] / math.Sqrt(square) / v.Spread(r.Geometry.Kelvin)
		}
		p.rows = append(p.rows, row)
	}
	x := centred(r.Molecule.Equilibrium, p.masses)
	if axes, reach := principalAxes(x, 1); math.IsInf(reach[2], 1) || reach[2] > 1e6 {
		p.line = &axes[2]
	}
	return p
}

func (p *vibratingPrior) draws(ctx context.Context, s *shape, n int, seed uint64) ([]float64, error) {
	return simulated(ctx, p.recipe, s, n, seed)
}

// density is the Gaussian times the determinant of the normal coordinates by the
// internal ones. With modes left out, it is the root of the Gram determinant.
func (p *vibratingPrior) density(s *shape, coordinates []float64, _ *rand.Rand) float64 {
	const h = 1e-5
	at := p.normal(s, coordinates, 0)
	square := 0.0
	for _, q := range at {
		square += q * q
	}
	columns := s.dim
	if p.line != nil {
		columns++
	}
	jacobian := mat.NewDense(len(p.rows), columns, nil)
	x := append([]float64(nil), coordinates...)
	for k := range columns {
		var high, low []float64
		if k == s.dim {
			high, low = p.normal(s, x, h), p.normal(s, x, -h)
		} else {
			x[k] = coordinates[k] + h
			high = p.normal(s, x, 0)
			x[k] = coordinates[k] - h
			low = p.normal(s, x, 0)
			x[k] = coordinates[k]
		}
		for i := range high {
			jacobian.Set(i, k, (high[i]-low[i])/(2*h))
		}
	}
	var gram mat.Dense
	if len(p.rows) < columns {
		gram.Mul(jacobian, jacobian.T())
	} else {
		gram.Mul(jacobian.T(), jacobian)
	}
	return math.Exp(-square/2) * math.Sqrt(math.Abs(mat.Det(&gram)))
}

// normal returns the normal coordinates in standard deviations, after a turn about the
// line.
func (p *vibratingPrior) normal(s *shape, coordinates []float64, turn float64) []float64 {
	positions, err := s.frame.ZMatrix.Build(nil, coordinates)
	if err != nil {
		return make([]float64, len(p.rows))
	}
	equilibrium := centred(p.recipe.Molecule.Equilibrium, p.masses)
	x := fit(centred(positions, p.masses), equilibrium, p.masses)
	if p.line != nil {
		rotate(x, scaled(turn-azimuth(x, *p.line), *p.line))
	}
	normal := make([]float64, len(p.rows))
	for k, row := range p.rows {
		for i, weight := range row {
			normal[k] += weight * (x[i] - equilibrium[i])
		}
	}
	return normal
}

// azimuth is the angle about a line at which the atom farthest off it is: what a fit to
// a linear molecule leaves open.
func azimuth(positions []float64, line [3]float64) float64 {
	side := [3]float64{line[1], -line[0], 0}
	if dot(side, side) < 0.5 {
		side = [3]float64{0, line[2], -line[1]}
	}
	up := [3]float64{line[1]*side[2] - line[2]*side[1], line[2]*side[0] - line[0]*side[2], line[0]*side[1] - line[1]*side[0]}
	farthest, angle := 0.0, 0.0
	for i := 0; i < len(positions); i += 3 {
		v := [3]float64(positions[i : i+3])
		x, y := dot(v, side), dot(v, up)
		if off := math.Hypot(x, y); off > farthest {
			farthest, angle = off, math.Atan2(y, x)
		}
	}
	return angle
}
