package cvae

import (
	"math"

	"github.com/gocei/gocei/binding"
)

// priorOf returns the learned distribution of z under y [B,C] (Sohn et al. 2015, NeurIPS 28, section 4.1).
func (m *Model) priorOf(s *binding.Scope, y binding.Tensor) latent {
	checkColumns(s, "momenta", y, m.config.Conditions)
	return m.split(s, m.prior.Forward(s, y))
}

// divergence returns the divergence [B] of q from the distribution of z before x is known.
func (m *Model) divergence(s *binding.Scope, q latent, y binding.Tensor) binding.Tensor {
	if m.prior == nil {
		return q.divergence(s)
	}
	return q.divergenceFrom(s, m.priorOf(s, y))
}

// divergenceFrom returns KL(q || p) [B] of two normal distributions with independent components.
func (q latent) divergenceFrom(s *binding.Scope, p latent) binding.Tensor {
	logRatio := s.Sub(q.logVariance, p.logVariance)
	distance := s.Mul(s.Square(s.Sub(q.mean, p.mean)), s.Exp(s.Scale(p.logVariance, -1)))
	inner := s.Sub(s.Sub(s.Affine(logRatio, 1, 1), distance), s.Exp(logRatio))
	return s.Scale(s.Sum(inner, 1), -0.5)
}

// logDensity returns log p(z) [B] for z [B,L].
func (q latent) logDensity(s *binding.Scope, z binding.Tensor) binding.Tensor {
	distance := s.Mul(s.Square(s.Sub(z, q.mean)), s.Exp(s.Scale(q.logVariance, -1)))
	inner := s.Affine(s.Add(distance, q.logVariance), 1, math.Log(2*math.Pi))
	return s.Scale(s.Sum(inner, 1), -0.5)
}

// Pace tells the model for how many epochs it was trained, parts of epochs included. With KLWarmupEpochs, the divergence
// counts in Loss by the share of them that has passed, so that the decoder learns to use the latent variable before it
// costs anything (Bowman et al. 2016, Generating sentences from a continuous space, arXiv:1511.06349; Sønderby et al.
// 2016, Ladder variational autoencoders, arXiv:1602.02282). A model that was told nothing is past its warm-up.
func (m *Model) Pace(epochs float64) { m.epochs = epochs }

// SteadyAfter returns the number of epochs after which Loss no longer changes with Pace.
func (m *Model) SteadyAfter() float64 { return m.config.KLWarmupEpochs }

// divergenceShare is how much of the divergence counts.
func (m *Model) divergenceShare() float64 {
	if m.epochs >= m.config.KLWarmupEpochs {
		return 1
	}
	return m.epochs / m.config.KLWarmupEpochs
}
