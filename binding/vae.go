package binding

import "github.com/gocei/gocei/cgo"

// VAE is a whole conditional variational autoencoder as one operation on the CPU: see its functions. None of them is recorded
// for autograd.
//
// The trained parameters are one array: the encoder, the decoder, with LearnedVariance the logarithm [Dim] of the decoder's
// variance over LogVarianceGain, and with LearnedPrior the network of the prior; networks layer by layer, weight [out,in] and
// bias [out]. Encoder and prior give means and log-variances [B,2·Latent].
type VAE struct {
	Dim, Conditions, Latent int64
	Hidden                  []int64 // widths of each network's hidden layers
	EncoderSeesConditions   bool
	LearnedVariance         bool // else it is ½, up to a constant of the loss
	LearnedPrior            bool // else it is standard normal in the loss, and given when drawing
	LogVarianceGain         float64
	DivergenceShare         float64 // in the loss
}

// VAELoss returns the means over the rows of x [B,Dim] under y [B,Conditions] of what their reconstruction costs and of the
// divergence, of which DivergenceShare counts, with the noise epsilon [B,Latent] of the latent variable.
func (s *Scope) VAELoss(v VAE, x, y, epsilon, parameters Tensor) (cost, divergence Tensor) {
	s.with(cgo.OpVAELoss, x, y, epsilon, parameters)
	return s.vaeLoss(cgo.OpVAELoss, v)
}

// VAEGradient is VAELoss, and adds the gradient of the sum of both to gradient [n].
func (s *Scope) VAEGradient(v VAE, x, y, epsilon, parameters, gradient Tensor) (cost, divergence Tensor) {
	s.with(cgo.OpVAEGradient, x, y, epsilon, parameters, gradient, s.workspace(x))
	return s.vaeLoss(cgo.OpVAEGradient, v)
}

func (s *Scope) vaeLoss(op cgo.Op, v VAE) (cost, divergence Tensor) {
	s.vae(v)
	out := s.many(op, 2, v.LogVarianceGain, v.DivergenceShare)
	return out[0], out[1]
}

// VAENoise is what draws of a VAE need besides their conditions.
type VAENoise struct {
	Epsilon  Tensor // [B,Latent], of the latent variable
	Decoder  Tensor // [B,Dim]; only with LearnedVariance
	Mean, SD Tensor // [Latent], of the latent variable; only without LearnedPrior
}

// VAEDraw returns draws [B,Dim] under y [B,Conditions], or under one y for all, which costs less.
func (s *Scope) VAEDraw(v VAE, n VAENoise, y, parameters Tensor) Tensor {
	s.with(cgo.OpVAEDraw, n.Epsilon, y, parameters)
	if v.LearnedVariance {
		s.and(cgo.OpVAEDraw, n.Decoder)
	}
	if !v.LearnedPrior {
		s.and(cgo.OpVAEDraw, n.Mean, n.SD)
	}
	s.vae(v)
	return s.one(cgo.OpVAEDraw, v.LogVarianceGain, v.DivergenceShare)
}

// VAEBound returns a lower bound of the log-density [B] of x [B,Dim] under y [B,Conditions], by K importance-weighted draws of the
// latent variable, whose noise [B·K,Latent] is n.Epsilon, row after row. n.Decoder is not read.
func (s *Scope) VAEBound(v VAE, n VAENoise, x, y, parameters Tensor) Tensor {
	s.with(cgo.OpVAEBound, x, y, n.Epsilon, parameters)
	if !v.LearnedPrior {
		s.and(cgo.OpVAEBound, n.Mean, n.SD)
	}
	s.vae(v)
	return s.one(cgo.OpVAEBound, v.LogVarianceGain, v.DivergenceShare)
}

func (s *Scope) vae(v VAE) {
	s.ints = append(s.ints[:0], v.Dim, v.Conditions, v.Latent, number(v.EncoderSeesConditions), number(v.LearnedVariance),
		number(v.LearnedPrior), int64(len(v.Hidden)))
	s.ints = append(s.ints, v.Hidden...)
}
