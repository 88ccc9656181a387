package binding_test

import (
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

// vaeCase is a whole autoencoder with a batch of one size.
type vaeCase struct {
	binding.VAE
	batch int64
}

func vaeCases() (all []vaeCase) {
	for _, batch := range []int64{1, 5, 70, 300} {
		for number := range 8 {
			v := binding.VAE{
				Dim: 3, Conditions: 2, Latent: 2, Hidden: []int64{4}, EncoderSeesConditions: number&1 != 0,
				LearnedVariance: number&2 != 0, LearnedPrior: number&4 != 0, LogVarianceGain: 2, DivergenceShare: 1,
			}
			if number == 1 || number == 4 {
				v.Hidden, v.DivergenceShare, v.Dim = nil, 0.3, 1
			}
			all = append(all, vaeCase{v, batch})
		}
	}
	return all
}

func (c vaeCase) networks() (encoder, decoder, prior []int64) {
	sizes := func(in, out int64) []int64 { return append(append([]int64{in}, c.Hidden...), out) }
	in := c.Dim
	if c.EncoderSeesConditions {
		in += c.Conditions
	}
	return sizes(in, 2*c.Latent), sizes(c.Latent+c.Conditions, c.Dim), sizes(c.Conditions, 2*c.Latent)
}

func (c vaeCase) parameters() (n int64) {
	add := func(sizes []int64) {
		for _, shape := range layerShapes(sizes...) {
			n += count(shape)
		}
	}
	encoder, decoder, prior := c.networks()
	add(encoder)
	add(decoder)
	if c.LearnedVariance {
		n += c.Dim
	}
	if c.LearnedPrior {
		add(prior)
	}
	return n
}

// vaeParts are the parameters, taken apart.
type vaeParts struct{ encoder, decoder, prior, logVariance []array }

func (c vaeCase) apart(flat array) (p vaeParts) {
	all := taker{flat.data}
	encoder, decoder, prior := c.networks()
	p.encoder, p.decoder = all.layers(1, encoder...), all.layers(1, decoder...)
	if c.LearnedVariance {
		p.logVariance = []array{all.take(c.Dim)}
	}
	if c.LearnedPrior {
		p.prior = all.layers(1, prior...)
	}
	return p
}

func beside(a, b array) array {
	return arrayOf([]int64{a.shape[0], a.shape[1] + b.shape[1]}, func(at []int64) float64 {
		if at[1] < a.shape[1] {
			return a.at(at...)
		}
		return b.at(at[0], at[1]-a.shape[1])
	})
}

// latentOf returns mean + sd·ε, from a network's means and log-variances.
func (c vaeCase) latentOf(heads, epsilon array) array {
	return arrayOf(epsilon.shape, func(at []int64) float64 {
		return heads.at(at...) + epsilon.at(at...)*math.Exp(heads.at(at[0], at[1]+c.Latent)/2)
	})
}

// loss is the two parts by their definition: normal densities, and the divergence between normal distributions.
func (c vaeCase) loss(x, y, epsilon, flat array) (cost, divergence float64) {
	p, seen := c.apart(flat), x
	if c.EncoderSeesConditions {
		seen = beside(x, y)
	}
	q := perceptron(seen, p.encoder)
	out := perceptron(beside(c.latentOf(q, epsilon), y), p.decoder)
	prior := arrayOf(q.shape, func([]int64) float64 { return 0 })
	if c.LearnedPrior {
		prior = perceptron(y, p.prior)
	}
	for row := range c.batch {
		for i := range c.Dim {
			square := math.Pow(x.at(row, i)-out.at(row, i), 2)
			if c.LearnedVariance {
				variance := math.Exp(c.LogVarianceGain * p.logVariance[0].at(i))
				square = square/variance/2 + math.Log(2*math.Pi*variance)/2
			}
			cost += square
		}
		for i := range c.Latent {
			apart, ratio := q.at(row, i)-prior.at(row, i), math.Exp(q.at(row, c.Latent+i)-prior.at(row, c.Latent+i))
			divergence += (apart*apart/math.Exp(prior.at(row, c.Latent+i)) + ratio - 1 - math.Log(ratio)) / 2
		}
	}
	return cost / float64(c.batch), c.DivergenceShare * divergence / float64(c.batch)
}

func vaeLaws() (all []wholeModelLaw) {
	for _, c := range vaeCases() {
		all = append(all, c.lossLaw(), c.gradientLaw(), c.drawLaw(), c.boundLaw())
	}
	for _, c := range vaeCases()[:8] {
		c.batch = 0
		all = append(all, c.drawLaw(), c.boundLaw())
	}
	return all
}

func (c vaeCase) lossShapes() [][]int64 {
	return [][]int64{{c.batch, c.Dim}, {c.batch, c.Conditions}, {c.batch, c.Latent}, {c.parameters()}}
}

func (c vaeCase) lossLaw() wholeModelLaw {
	return wholeModelLaw{law: law{cgo.OpVAELoss, c.lossShapes(), small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			cost, divergence := s.VAELoss(c.VAE, in[0], in[1], in[2], in[3])
			return s.Cat(0, s.Reshape(cost, 1), s.Reshape(divergence, 1))
		},
		func(in []array) array {
			cost, divergence := c.loss(in[0], in[1], in[2], in[3])
			return array{[]int64{2}, []float64{cost, divergence}}
		}}}
}

func (c vaeCase) gradientLaw() wholeModelLaw {
	loss := func(s *binding.Scope, in []binding.Tensor, gradient binding.Tensor) binding.Tensor {
		return s.Add(s.VAEGradient(c.VAE, in[0], in[1], in[2], in[3], gradient))
	}
	return wholeModelLaw{
		law: law{cgo.OpVAEGradient, c.lossShapes(), small,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
				dtype, _ := s.DTypeOf(in[0])
				return loss(s, in, s.Zeros(dtype, binding.CPU, c.parameters()))
			},
			func(in []array) array {
				cost, divergence := c.loss(in[0], in[1], in[2], in[3])
				return array{nil, []float64{cost + divergence}}
			}},
		gradient: func(s *binding.Scope, in []binding.Tensor, gradient binding.Tensor) { loss(s, in, gradient) },
	}
}

// drawLaw has as operands ε, y, the decoder's noise, and the latent variable's mean and standard deviation, used or not.
func (c vaeCase) drawLaw() wholeModelLaw {
	shapes := [][]int64{{c.batch, c.Latent}, {c.batch, c.Conditions}, {c.batch, c.Dim}, {c.Latent}, {c.Latent}, {c.parameters()}}
	return wholeModelLaw{law: law{cgo.OpVAEDraw, shapes, small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			return s.VAEDraw(c.VAE, binding.VAENoise{Epsilon: in[0], Decoder: in[2], Mean: in[3], SD: in[4]}, in[1], in[5])
		},
		func(in []array) array {
			p := c.apart(in[5])
			z := arrayOf(in[0].shape, func(at []int64) float64 { return in[3].at(at[1]) + in[4].at(at[1])*in[0].at(at...) })
			if c.LearnedPrior {
				z = c.latentOf(perceptron(in[1], p.prior), in[0])
			}
			out := perceptron(beside(z, in[1]), p.decoder)
			return arrayOf(out.shape, func(at []int64) float64 {
				v := out.at(at...)
				if c.LearnedVariance {
					v += in[2].at(at...) * math.Exp(c.LogVarianceGain*p.logVariance[0].at(at[1])/2)
				}
				return v
			})
		}}}
}
