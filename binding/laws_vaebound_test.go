package binding_test

import (
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

// boundDraws are the draws a row of the laws.
const boundDraws = 3

// boundLaw has as operands x, y, ε, the latent variable's mean and the logarithm of its standard deviation, used or not.
func (c vaeCase) boundLaw() wholeModelLaw {
	shapes := [][]int64{{c.batch, c.Dim}, {c.batch, c.Conditions}, {c.batch * boundDraws, c.Latent}, {c.Latent}, {c.Latent}, {c.parameters()}}
	return wholeModelLaw{law: law{cgo.OpVAEBound, shapes, small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			return s.VAEBound(c.VAE, binding.VAENoise{Epsilon: in[2], Mean: in[3], SD: s.Exp(in[4])}, in[0], in[1], in[5])
		},
		func(in []array) array {
			return arrayOf([]int64{c.batch}, func(at []int64) float64 { return c.bound(in, at[0]) })
		}}}
}

// bound is that of one row by its definition: the logarithm of the mean of the draws' weights.
func (c vaeCase) bound(in []array, row int64) float64 {
	x, y, epsilon, p := rowOf(in[0], row), rowOf(in[1], row), in[2], c.apart(in[5])
	seen := x
	if c.EncoderSeesConditions {
		seen = beside(x, y)
	}
	q := perceptron(seen, p.encoder)
	prior := arrayOf(q.shape, func(at []int64) float64 {
		if at[1] < c.Latent {
			return in[3].at(at[1])
		}
		return 2 * in[4].at(at[1]-c.Latent)
	})
	if c.LearnedPrior {
		prior = perceptron(y, p.prior)
	}
	mean := 0.0
	for k := range int64(boundDraws) {
		e := rowOf(epsilon, row*boundDraws+k)
		z := c.latentOf(q, e)
		out := perceptron(beside(z, y), p.decoder)
		log := c.logNormals(z, prior) - c.logNormals(z, q)
		for i := range c.Dim {
			variance := 0.5
			if c.LearnedVariance {
				variance = math.Exp(c.LogVarianceGain * p.logVariance[0].at(i))
			}
			log -= math.Pow(x.at(0, i)-out.at(0, i), 2)/variance/2 + math.Log(2*math.Pi*variance)/2
		}
		mean += math.Exp(log) / boundDraws
	}
	return math.Log(mean)
}

// logNormals is the log-density of z [1,L] under means and log-variances [1,2L].
func (c vaeCase) logNormals(z, heads array) (log float64) {
	for i := range c.Latent {
		v := heads.at(0, c.Latent+i)
		log -= math.Pow(z.at(0, i)-heads.at(0, i), 2)/math.Exp(v)/2 + (v+math.Log(2*math.Pi))/2
	}
	return log
}

func rowOf(a array, row int64) array {
	return arrayOf([]int64{1, a.shape[1]}, func(at []int64) float64 { return a.at(row, at[1]) })
}
