package cvae

import (
	"fmt"

	"github.com/gocei/gocei/binding"
)

// smallestSD keeps the latent distribution proper where the encoder uses a dimension not at all.
const smallestSD = 1e-6

// Settle finds the mean and standard deviation of the latent variables over the training part x [N,D], y [N,C]: the
// variance of z is that of its means plus the mean of its variances. A model with a learned prior draws from that, and
// has nothing to find.
func (m *Model) Settle(s *binding.Scope, x, y binding.Tensor) error {
	if m.prior != nil {
		return nil
	}
	q := m.encode(s, m.residual(s, x, y), y)
	variance := s.Add(s.Variance(q.mean, 0), s.Mean(s.Exp(q.logVariance), 0))
	s.Copy(m.latentMean.Tensor(), s.Mean(q.mean, 0))
	s.Copy(m.latentSD.Tensor(), s.Affine(s.Sqrt(variance), 1, smallestSD))
	if err := s.Err(); err != nil {
		return fmt.Errorf("cvae: settle latent statistics: %w", err)
	}
	return nil
}

// Sample returns one draw x [B,D] for each row of y [B,C], with the scope's generator. With LearnedVariance it has the
// decoder's noise.
func (m *Model) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	batch := rows(s, y)
	epsilon := s.Normal(m.params.DType(), batch, m.config.Latent)
	checkColumns(s, "momenta", y, m.config.Conditions)
	if vae, ok := m.fused(); ok && !s.Records() {
		return m.trend.Restore(s, m.drawFused(s, vae, epsilon, y), y)
	}
	r := m.decode(s, m.drawLatent(s, epsilon, y), y)
	if m.slowLog != nil {
		noise := s.Normal(m.params.DType(), batch, m.config.Dim)
		r = s.Add(r, s.Mul(noise, s.Exp(s.Scale(m.logVariance(s), 0.5))))
	}
	return m.trend.Restore(s, r, y)
}

// drawLatent returns the z [B,L] that ε [B,L] gives under y [B,C].
func (m *Model) drawLatent(s *binding.Scope, epsilon, y binding.Tensor) binding.Tensor {
	if m.prior != nil {
		return m.priorOf(s, y).draw(s, epsilon)
	}
	return s.Add(m.latentMean.Tensor(), s.Mul(epsilon, m.latentSD.Tensor()))
}

// RoundTrip encodes x and decodes the mean of its latent variable. It sees x, so it predicts nothing: what differs from
// x measures how much of it the latent variable keeps.
func (m *Model) RoundTrip(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	return m.Decode(s, m.encode(s, m.residual(s, x, y), y).mean, y)
}
