package cvae

import (
	"math"

	"github.com/gocei/gocei/binding"
)

// importanceSamples is how many latent draws LogProb averages over.
const importanceSamples = 64

// LogProb returns a lower bound [B] of log p(x|y), estimated with importance-weighted draws of the latent variable: it
// rises to log p(x|y) with their number, which is 64. Draws are from the scope's generator.
func (m *Model) LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	return m.bound(s, x, y, importanceSamples)
}

// bound is LogProb with k draws: log (1/k) Σ p(x|z,y) p(z) / q(z|x,y) with z ~ q.
func (m *Model) bound(s *binding.Scope, x, y binding.Tensor, k int64) binding.Tensor {
	batch := rows(s, x)
	r := m.residual(s, x, y)
	epsilon := s.Normal(m.params.DType(), batch*k, m.config.Latent)
	bound := m.boundWith(s, r, y, epsilon, batch, k)
	if m.trend != nil {
		bound = s.Add(bound, m.trend.LogDet(s))
	}
	return bound
}

// boundWith is the bound for residuals r [B,D] with the noise ε [B·k,L] of their draws.
func (m *Model) boundWith(s *binding.Scope, r, y, epsilon binding.Tensor, batch, k int64) binding.Tensor {
	if vae, ok := m.fused(); ok && !s.Records() {
		return s.VAEBound(vae, m.noise(epsilon), r, y, m.params.Flat())
	}
	q, p := m.encode(s, r, y).repeated(s, k), m.latentPrior(s, y, k)
	r, y = s.RepeatRows(r, k), s.RepeatRows(y, k)
	z := q.draw(s, epsilon)
	logWeight := s.Add(m.logDensity(s, r, m.decode(s, z, y)), s.Sub(p(z), q.logDensityAt(s, epsilon)))
	return s.Affine(s.LogSumExp(s.Reshape(logWeight, batch, k), 1), 1, -math.Log(float64(k)))
}

// logDensity returns log N(r; reconstruction, variance) [B], for residuals r and their reconstruction [B,D].
func (m *Model) logDensity(s *binding.Scope, r, reconstruction binding.Tensor) binding.Tensor {
	squares := s.Square(s.Sub(r, reconstruction))
	if m.slowLog == nil {
		return s.Affine(s.Sum(squares, 1), -1, -0.5*float64(m.config.Dim)*math.Log(math.Pi)) // variance 1/2
	}
	v := m.logVariance(s)
	inner := s.Add(s.Mul(squares, s.Exp(s.Scale(v, -1))), v)
	return s.Affine(s.Sum(inner, 1), -0.5, -0.5*float64(m.config.Dim)*math.Log(2*math.Pi))
}

// repeated returns the distribution of each row k times.
func (q latent) repeated(s *binding.Scope, k int64) latent {
	return latent{mean: s.RepeatRows(q.mean, k), logVariance: s.RepeatRows(q.logVariance, k)}
}

// latentPrior returns the log-density [B·k] of z [B·k,L] under the normal distribution that draws for y [B,C] use, k of them a
// row.
func (m *Model) latentPrior(s *binding.Scope, y binding.Tensor, k int64) func(z binding.Tensor) binding.Tensor {
	if m.prior != nil {
		p := m.priorOf(s, y).repeated(s, k)
		return func(z binding.Tensor) binding.Tensor { return p.logDensity(s, z) }
	}
	return func(z binding.Tensor) binding.Tensor {
		sd := m.latentSD.Tensor()
		score := s.Div(s.Sub(z, m.latentMean.Tensor()), sd)
		inner := s.Add(s.Square(score), s.Scale(s.Log(sd), 2))
		return s.Affine(s.Sum(inner, 1), -0.5, -0.5*float64(m.config.Latent)*math.Log(2*math.Pi))
	}
}

// logDensityAt returns log q(z) [B] of the z that ε [B,L] gave.
func (q latent) logDensityAt(s *binding.Scope, epsilon binding.Tensor) binding.Tensor {
	inner := s.Affine(s.Add(s.Square(epsilon), q.logVariance), 1, math.Log(2*math.Pi))
	return s.Scale(s.Sum(inner, 1), -0.5)
}

// LogVarianceGain is how much faster the decoder's log-variance moves than the parameter that it is made of. Adam's steps are
// of the size of the learning rate however steep the loss, and a variance may have to fall by many powers of ten while
// weights move by tenths.
const LogVarianceGain = 10

// logVariance returns the decoder's log-variance [D].
func (m *Model) logVariance(s *binding.Scope) binding.Tensor {
	return s.Scale(m.slowLog.Tensor(), LogVarianceGain)
}
