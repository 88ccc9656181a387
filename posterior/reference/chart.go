package reference

import (
	"context"
	"fmt"
	"math"
)

// chartPrior explodes draws of the prior and integrates its density.
func (s *Sampler) chartPrior(ctx context.Context) error {
	drawn, err := s.retriever.PriorDraws(ctx, s.options.Shapes, s.options.Seed)
	if err != nil {
		return err
	}
	s.shapes.Cols, s.momenta.Cols = drawn.Cols, 3*len(s.retriever.Atoms())
	for i := range drawn.Rows {
		if momenta, err := s.explode(drawn.Row(i)); err == nil {
			s.momenta.Data = append(s.momenta.Data, momenta...)
			s.shapes.Data = append(s.shapes.Data, drawn.Row(i)...)
			s.shapes.Rows++
			s.momenta.Rows++
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if s.shapes.Rows == 0 {
		return fmt.Errorf("none of %d geometries of the prior can be exploded", drawn.Rows)
	}
	random := s.random(1)
	if s.prior, err = fitted(s.shapes, nil); err != nil {
		return fmt.Errorf("the prior has no width: %w", err)
	}
	sum, x := 0.0, make([]float64, s.dimensions)
	for range s.options.Shapes {
		x = s.prior.rand(x, random)
		sum += s.retriever.PriorDensity(x, random) / math.Exp(s.prior.logProb(x))
	}
	s.logVolume = math.Log(sum / float64(s.options.Shapes))
	return nil
}
