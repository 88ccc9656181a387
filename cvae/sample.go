package cvae

import "github.com/gocei/gocei/binding"

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
