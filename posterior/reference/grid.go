package reference

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/dataset"
)

// Grid returns the posterior on the midpoints of an even grid over a box of internal
// coordinates, points along each: slow, without chance, and blind to what lies outside
// the box. It is what Sample is held to. Priors whose density is estimated (see
// retrieval.Retriever.PriorDensity) bring chance back.
func (s *Sampler) Grid(measured, from, to []float64, points int) (*Posterior, error) {
	if len(from) != s.dimensions || len(to) != s.dimensions || points < 1 {
		return nil, fmt.Errorf("reference: make grid of %d points from %v to %v: want %d numbers each and points", points, from, to, s.dimensions)
	}
	if err := s.checkMeasured(measured); err != nil {
		return nil, fmt.Errorf("reference: make grid: %w", err)
	}
	n, logCell := 1, 0.0
	for k := range from {
		n *= points
		logCell += math.Log((to[k] - from[k]) / float64(points))
	}
	p, random := &Posterior{Coordinates: dataset.NewMatrix(n, s.dimensions)}, s.random(3)
	logs := make([]float64, n)
	for i := range n {
		x := p.Coordinates.Row(i)
		for k, rest := 0, i; k < len(x); k++ {
			x[k] = from[k] + (float64(rest%points)+0.5)*(to[k]-from[k])/float64(points)
			rest /= points
		}
		logs[i] = s.logPosterior(measured, x, random)
	}
	var logSum float64
	p.Weights, p.EffectiveSize, logSum = normalised(logs)
	if p.LogEvidence = logSum + logCell; p.EffectiveSize == 0 {
		return nil, fmt.Errorf("reference: make grid: %w", ErrUnexplained)
	}
	return p, nil
}
