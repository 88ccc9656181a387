package cvae

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// Loss returns the mean over the batch of the reconstruction's cost plus the Kullback-Leibler divergence, and both as
// terms. The cost is the squared error, or with LearnedVariance the negative log-density. The divergence is from the
// standard normal distribution, or with LearnedPrior from that of z under y; while it is warming up (see Pace), it counts
// in part, and the term is that part. ε is from the scope's generator.
func (m *Model) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	return m.lossWith(s, x, y, s.Normal(m.params.DType(), rows(s, x), m.config.Latent))
}

// lossWith is Loss with a given ε [B,L].
func (m *Model) lossWith(s *binding.Scope, x, y, epsilon binding.Tensor) nn.Loss {
	r := m.residual(s, x, y)
	if vae, ok := m.fused(); ok && !s.Records() {
		cost, divergence := s.VAELoss(vae, r, y, epsilon, m.params.Flat())
		return lossOf(s, cost, divergence)
	}
	q := m.encode(s, r, y)
	reconstruction := m.decode(s, q.draw(s, epsilon), y)
	cost := s.Mean(m.cost(s, r, reconstruction))
	divergence := s.Mean(m.divergence(s, q, y))
	if share := m.divergenceShare(); share < 1 {
		divergence = s.Scale(divergence, share)
	}
	return lossOf(s, cost, divergence)
}

// cost returns what a reconstruction [B,D] of residuals r [B,D] costs, [B].
func (m *Model) cost(s *binding.Scope, r, reconstruction binding.Tensor) binding.Tensor {
	if m.config.LearnedVariance {
		return s.Scale(m.logDensity(s, r, reconstruction), -1)
	}
	return s.Sum(s.Square(s.Sub(r, reconstruction)), 1)
}
