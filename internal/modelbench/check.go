package modelbench

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/trainer"
)

// checkSeed is the seed of the random numbers that both sides get before they are measured.
const checkSeed = 7

// checkTolerance is how exactly both sides' numbers must agree, relatively.
const checkTolerance = 1e-4

// value returns a number that shows whether another program computes the same: a step's loss, the mean squared hyperbolic
// tangent of draws, or the mean log-density. Untrained couplings throw single draws so far out that a mean square would be
// theirs alone, and their rounding that of the whole.
func (s *subject) value() (float64, error) {
	if err := s.generator.Seed(checkSeed); err != nil {
		return 0, err
	}
	defer func() { _ = s.work.Reset() }() // what it freed is not needed
	v, err := s.work.Item(s.summary())
	if err == nil && s.Work.isStep() {
		s.work.Zero(s.model.Params().Gradient())
		err = s.work.Err()
	}
	return v, err
}

func (s *subject) summary() binding.Tensor {
	switch s.Work {
	case DrawOneCondition:
		return s.bounded(drawOne(s.work, s.model, s.y, int64(s.Batch)))
	case DrawManyConditions:
		return s.bounded(drawMany(s.work, s.model, s.y))
	case LogDensity:
		return s.work.Mean(density(s.work, s.model, s.x, s.y))
	}
	return trainer.Differentiate(s.model, s.work, s.x, s.y).Total
}

func (s *subject) bounded(draws binding.Tensor) binding.Tensor {
	return s.work.Mean(s.work.Square(s.work.Tanh(draws)))
}

// noise returns the normal random numbers that value uses, as it draws them.
func (s *subject) noise() (all []array, err error) {
	if err := s.generator.Seed(checkSeed); err != nil {
		return nil, err
	}
	defer func() { _ = s.work.Reset() }() // what it freed is not needed
	for _, columns := range s.noiseColumns() {
		n := int64(s.Batch)
		if s.Work == LogDensity {
			n *= latentDraws
		}
		values, err := s.work.Float32s(s.work.Normal(binding.Float32, n, columns))
		if err != nil {
			return nil, err
		}
		all = append(all, array{values, []int64{n, columns}})
	}
	return all, nil
}

// noiseColumns returns the columns of the random numbers that the case's work draws, in their order.
func (s *subject) noiseColumns() []int64 {
	latent := int64(dim) // both presets' for positions of nine columns
	draws := s.Work == DrawOneCondition || s.Work == DrawManyConditions
	switch {
	case s.isCVAE() && draws && s.Model == CVAERobust:
		return []int64{latent, dim}
	case s.isCVAE():
		return []int64{latent}
	case draws:
		return []int64{dim}
	}
	return nil
}

// agree returns an error unless both sides found the same.
func (c Check) agree(of Case, peer string) error {
	difference := math.Abs(c.Ours - c.Peer)
	if difference <= checkTolerance*math.Max(math.Abs(c.Ours), math.Abs(c.Peer)) {
		return nil
	}
	return fmt.Errorf("modelbench: %s: with the same weights, rows and random numbers we find %.8g and %s finds %.8g, which differ by more than %g: the two do not compute the same",
		of, c.Ours, peer, c.Peer, checkTolerance)
}
