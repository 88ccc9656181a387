package cvae

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// fused returns the networks and the loss as one operation, and whether they are one: on the CPU.
func (m *Model) fused() (vae binding.VAE, ok bool) {
	c := m.config
	return binding.VAE{
		Dim: c.Dim, Conditions: c.Conditions, Latent: c.Latent, Hidden: c.Hidden,
		EncoderSeesConditions: c.EncoderSeesConditions, LearnedVariance: c.LearnedVariance, LearnedPrior: c.LearnedPrior,
		LogVarianceGain: LogVarianceGain, DivergenceShare: m.divergenceShare(),
	}, m.params.Device() == binding.CPU
}

// LossAndGradient returns what Loss does, and adds its gradient to Params().Gradient(): on the CPU several times faster than
// Loss and Backward.
func (m *Model) LossAndGradient(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	return m.lossAndGradientWith(s, x, y, s.Normal(m.params.DType(), rows(s, x), m.config.Latent))
}

// lossAndGradientWith is LossAndGradient with a given ε [B,L].
func (m *Model) lossAndGradientWith(s *binding.Scope, x, y, epsilon binding.Tensor) nn.Loss {
	vae, ok := m.fused()
	if !ok {
		loss := m.lossWith(s, x, y, epsilon)
		_ = s.Backward(loss.Total) // the scope carries the error
		return loss
	}
	cost, divergence := s.VAEGradient(vae, m.residual(s, x, y), y, epsilon, m.params.Flat(), m.params.Gradient())
	return lossOf(s, cost, divergence)
}

// lossOf returns the loss from its two parts.
func lossOf(s *binding.Scope, cost, divergence binding.Tensor) nn.Loss {
	return nn.Loss{
		Total: s.Add(cost, divergence),
		Terms: []nn.Term{{Name: "reconstruction", Value: cost}, {Name: "kl", Value: divergence}},
	}
}

// drawFused returns residuals [B,D] for ε [B,L] and the decoder's noise [B,D] under y, [B,C] or one row for all.
func (m *Model) drawFused(s *binding.Scope, vae binding.VAE, epsilon, noise, y binding.Tensor) binding.Tensor {
	given := m.noise(epsilon)
	given.Decoder = noise
	return s.VAEDraw(vae, given, y, m.params.Flat())
}

// noise returns what an operation on draws of the latent variable needs, for their ε.
func (m *Model) noise(epsilon binding.Tensor) binding.VAENoise {
	given := binding.VAENoise{Epsilon: epsilon}
	if m.prior == nil {
		given.Mean, given.SD = m.latentMean.Tensor(), m.latentSD.Tensor()
	}
	return given
}
