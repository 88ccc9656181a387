package reference

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
)

const (
	// roundsAtMost is how often the proposal is fitted to what it has drawn.
	roundsAtMost = 8
	// roundsBeforeSplit is after how many of them the components are split.
	roundsBeforeSplit = 3
	// efficient is the effective share of draws above which a proposal is good enough.
	efficient = 0.5
)

// ErrUnexplained says that no geometry of the prior was found to explain what was
// measured.
var ErrUnexplained = errors.New("no geometry of the prior was found to explain the momenta")

// Sample returns the posterior given measured components [k], in atomic units and the
// order of the measurement's components. The draws come from a mixture of Student t
// distributions, first about the solutions that retrieval finds and about the prior's
// best draws, then fitted to its own weighted draws (O. Cappé et al., Stat. Comput. 18,
// 447 (2008)); a tenth stays as wide as the prior, so that nothing is left out (T.
// Hesterberg, Technometrics 37, 185 (1995)).
func (s *Sampler) Sample(measured []float64) (*Posterior, error) {
	if err := s.checkMeasured(measured); err != nil {
		return nil, fmt.Errorf("reference: sample posterior: %w", err)
	}
	random := s.random(2)
	p := s.draw(s.adapted(measured, random), measured, s.options.Draws, random)
	if p.EffectiveSize == 0 {
		return nil, fmt.Errorf("reference: sample posterior: %w", ErrUnexplained)
	}
	return p, nil
}

func (s *Sampler) checkMeasured(measured []float64) error {
	if len(measured) != len(s.measurement.Components) {
		return fmt.Errorf("%d components: want %d", len(measured), len(s.measurement.Components))
	}
	for _, p := range measured {
		if math.IsNaN(p) || math.IsInf(p, 0) {
			return fmt.Errorf("component %g: want a finite number", p)
		}
	}
	return nil
}

// adapted is the most efficient of the mixtures that were tried.
func (s *Sampler) adapted(measured []float64, random *rand.Rand) *mixture {
	m := s.start(measured)
	best, most := m, 0.0
	for round := range roundsAtMost {
		p := s.draw(m, measured, s.options.Draws/4, random)
		share := p.EffectiveSize / float64(len(p.Weights))
		if share > most {
			best, most = m, share
		}
		switch {
		case share > efficient:
			return m
		case share > 0 && round == roundsBeforeSplit:
			m = m.split(p, random)
		case share > 0:
			m = m.refitted(p)
		}
	}
	return best
}

// draw returns n weighted draws.
func (s *Sampler) draw(m *mixture, measured []float64, n int, random *rand.Rand) *Posterior {
	p := &Posterior{Coordinates: dataset.NewMatrix(n, s.dimensions)}
	logs := make([]float64, n)
	for i := range n {
		x := m.rand(p.Coordinates.Row(i), random)
		logs[i] = s.logPosterior(measured, x, random) - m.logProb(x)
	}
	var logSum float64
	p.Weights, p.EffectiveSize, logSum = normalised(logs)
	p.LogEvidence = logSum - math.Log(float64(n))
	return p
}
