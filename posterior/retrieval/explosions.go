package retrieval

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/gocei/gocei/dataset"
)

// Explosions explodes shapes of a retriever's molecule. It serves one goroutine at a
// time.
type Explosions struct{ by *forward }

// Explosions returns the retriever's own simulation.
func (v *Retriever) Explosions() (*Explosions, error) {
	by, err := newForward(v.shape, v.solver)
	if err != nil {
		return nil, err
	}
	return &Explosions{by}, nil
}

// Momenta appends to dst the momenta [3N] in atomic units, in their body frame, that
// internal coordinates [dim] in Bohr and radians explode to.
func (e *Explosions) Momenta(dst, coordinates []float64) ([]float64, error) {
	f := e.by
	if err := f.plausible(coordinates); err != nil {
		return dst, err
	}
	var err error
	if f.positions, err = f.frame.ZMatrix.Build(f.positions[:0], coordinates); err != nil {
		return dst, err
	}
	if _, err = f.simulator.ExplodeInto(f.momenta, f.positions, nil); err != nil {
		return dst, err
	}
	axes, err := axesOf(f.momenta, 3*f.frame.Axis[0], 3*f.frame.Axis[1])
	if err != nil {
		return dst, err
	}
	axes.turn(f.momenta)
	return append(dst, f.momenta...), nil
}

// Differentiate returns besides the momenta [3N] their derivatives [dim, 3N] by the
// coordinates. Both are to be read before the next call.
func (e *Explosions) Differentiate(coordinates []float64) (momenta, derivatives []float64, err error) {
	if err := e.by.explode(coordinates); err != nil {
		return nil, nil, err
	}
	return e.by.momenta, e.by.derivatives, nil
}

// PriorDraws returns the internal coordinates [n, dim] of geometries of the prior, but
// those in which one is undefined.
func (v *Retriever) PriorDraws(ctx context.Context, n int, seed uint64) (dataset.Matrix, error) {
	draws, err := v.prior.draws(ctx, v.shape, n, seed)
	return dataset.Matrix{Rows: len(draws) / v.shape.dim, Cols: v.shape.dim, Data: draws}, err
}

// PriorDensity returns the prior's density over internal coordinates [dim], up to a
// constant; 0 for coordinates outside their ranges. For priors that displace atoms in a
// fixed orientation it is an unbiased estimate, by random orientations.
func (v *Retriever) PriorDensity(coordinates []float64, random *rand.Rand) float64 {
	z := v.shape.frame.ZMatrix
	folded := slices.Clone(coordinates)
	z.Fold(folded)
	if v.shape.plausible(coordinates) != nil || !slices.Equal(folded, coordinates) {
		return 0
	}
	return v.prior.density(v.shape, coordinates, random)
}

// PriorDensityAt is PriorDensity at positions [3N] in Bohr; 0 where internal coordinates
// are undefined.
func (v *Retriever) PriorDensityAt(positions []float64, random *rand.Rand) float64 {
	coordinates, err := v.shape.coordinates(nil, positions)
	if err != nil {
		return 0
	}
	return v.PriorDensity(coordinates, random)
}
