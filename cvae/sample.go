package cvae

import "github.com/gocei/gocei/binding"

// Sample returns one draw x [B,D] for each row of y [B,C], with the scope's generator. With LearnedVariance it has the
// decoder's noise.
func (m *Model) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	batch := rows(s, y)
	epsilon := s.Normal(m.params.DType(), batch, m.config.Latent)
	if m.slowLog == nil {
		return m.drawWith(s, epsilon, binding.Tensor{}, y)
	}
	return m.drawWith(s, epsilon, s.Normal(m.params.DType(), batch, m.config.Dim), y)
}

// Numbers returns how many standard normal numbers a draw takes: those of the latent variable and, with LearnedVariance,
// those of the decoder's noise.
func (m *Model) Numbers() int64 {
	if m.slowLog == nil {
		return m.config.Latent
	}
	return m.config.Latent + m.config.Dim
}

// SampleFrom returns the draws x [B,D] for y [B,C] that standard normal numbers [B,Numbers] give.
func (m *Model) SampleFrom(s *binding.Scope, numbers, y binding.Tensor) binding.Tensor {
	checkColumns(s, "standard normal numbers", numbers, m.Numbers())
	if m.slowLog == nil {
		return m.drawWith(s, numbers, binding.Tensor{}, y)
	}
	epsilon := s.Narrow(numbers, 1, 0, m.config.Latent)
	return m.drawWith(s, epsilon, s.Narrow(numbers, 1, m.config.Latent, m.config.Dim), y)
}

// drawWith returns the draws that ε [B,L] and the decoder's noise [B,D] give, which only a learned variance has.
func (m *Model) drawWith(s *binding.Scope, epsilon, noise, y binding.Tensor) binding.Tensor {
	checkColumns(s, "momenta", y, m.config.Conditions)
	if vae, ok := m.fused(); ok && !s.Records() {
		return m.trend.Restore(s, m.drawFused(s, vae, epsilon, noise, y), y)
	}
	r := m.decode(s, m.drawLatent(s, epsilon, y), y)
	if m.slowLog != nil {
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
