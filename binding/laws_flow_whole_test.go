package binding_test

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

// flowCase is a whole flow with a batch of one size. Where it is permuted, by the rotation.
type flowCase struct {
	binding.Flow
	permuted bool
	batch    int64
}

func flowCases() (all []flowCase) {
	for _, batch := range []int64{1, 5, 70, 300} {
		all = append(all,
			flowCase{Flow: binding.Flow{Dim: 3, Conditions: 2, Stages: 2, Hidden: []int64{4}, Coupling: binding.Coupling{Networks: 2}}, batch: batch},
			flowCase{Flow: binding.Flow{Dim: 2, Conditions: 1, Stages: 3, Coupling: binding.Coupling{Networks: 1, Clamp: 0.7}, Normalised: true}, batch: batch},
			flowCase{Flow: binding.Flow{Dim: 5, Conditions: 1, Stages: 2, Hidden: []int64{3, 4}, Coupling: binding.Coupling{Networks: 2, Clamp: 1.9}, Normalised: true}, permuted: true, batch: batch},
			flowCase{Flow: binding.Flow{Dim: 3, Conditions: 1, Stages: 1, Hidden: []int64{3}, Spline: &binding.Spline{Bins: 3, Bound: 1.7}, Normalised: true}, permuted: true, batch: batch},
			flowCase{Flow: binding.Flow{Dim: 2, Conditions: 2, Stages: 1, Spline: &binding.Spline{Bins: 2, Bound: 0.8}}, batch: batch},
		)
	}
	return all
}

// networks returns how many a stage has, and the sizes of each.
func (c flowCase) networks() (number int, sizes []int64) {
	number, out := c.Coupling.Networks, c.Dim-c.Dim/2
	switch {
	case c.Spline != nil:
		number, out = 1, out*c.Spline.Width()
	case number == 1:
		out *= 2
	}
	sizes = append([]int64{c.Dim/2 + c.Conditions}, c.Hidden...)
	return number, append(sizes, out)
}

func (c flowCase) parameters() (n int64) {
	number, sizes := c.networks()
	for _, shape := range layerShapes(sizes...) {
		n += int64(number) * count(shape)
	}
	if c.Normalised {
		n += 2 * c.Dim
	}
	return n * int64(c.Stages)
}

// on returns the flow with permutations that live in s.
func (c flowCase) on(s *binding.Scope, like binding.Tensor) binding.Flow {
	f := c.Flow
	if c.permuted {
		_, order := rotation(c.Dim)
		for range c.Stages {
			f.Permutations = append(f.Permutations, permutationLike(s, like, order, c.Dim))
		}
	}
	return f
}

// taker hands out what lies one after another in an array.
type taker struct{ left []float64 }

func (k *taker) take(shape ...int64) array {
	a := array{shape, k.left[:count(shape)]}
	k.left = k.left[count(shape):]
	return a
}

func (k *taker) layers(networks int, sizes ...int64) (all []array) {
	for range networks {
		for _, shape := range layerShapes(sizes...) {
			all = append(all, k.take(shape...))
		}
	}
	return all
}

// forward is the flow by its definition.
func (c flowCase) forward(x, y, flat array) (z, logDet array) {
	all := taker{flat.data}
	number, sizes := c.networks()
	logDet = arrayOf(x.shape[:1], func([]int64) float64 { return 0 })
	for range c.Stages {
		if c.Normalised {
			shift, log := all.take(c.Dim), all.take(c.Dim)
			x = arrayOf(x.shape, func(at []int64) float64 { return (x.at(at...) - shift.at(at[1])) * math.Exp(log.at(at[1])) })
			for i := range logDet.data {
				for _, v := range log.data {
					logDet.data[i] += v
				}
			}
		}
		out, part := c.couple(x, y, all.layers(number, sizes...))
		for i := range logDet.data {
			logDet.data[i] += part.data[i]
		}
		if x = mirrored(out); c.permuted {
			r, _ := rotation(c.Dim)
			x = multiplied(out, mat.DenseCopyOf(r))
		}
	}
	return x, logDet
}

func (c flowCase) couple(x, y array, networks []array) (z, logDet array) {
	if c.Spline == nil {
		return coupled(binding.Coupling{Networks: c.Coupling.Networks, Clamp: c.Coupling.Clamp}, x, y, networks)
	}
	first, width := c.Dim/2, c.Spline.Width()
	raw := perceptron(arrayOf([]int64{x.shape[0], first + c.Conditions}, func(at []int64) float64 {
		if at[1] < first {
			return x.at(at...)
		}
		return y.at(at[0], at[1]-first)
	}), networks)
	logDet = arrayOf(x.shape[:1], func([]int64) float64 { return 0 })
	z = arrayOf(x.shape, func(at []int64) float64 {
		if at[1] < first {
			return x.at(at...)
		}
		start := at[0]*raw.shape[1] + (at[1]-first)*width
		bent, logSlope := bend(*c.Spline, raw.data[start:start+width], x.at(at...))
		logDet.data[at[0]] += logSlope
		return bent
	})
	return z, logDet
}

// mild keeps the slopes of stages one after another apart from zero.
func mild(r *rand.Rand) float64 { return 0.3 * r.NormFloat64() }

func wholeFlowLaws() (all []wholeModelLaw) {
	for _, c := range flowCases() {
		all = append(all, c.forwardLaw(), c.inverseLaw(), c.gradientLaw())
	}
	for _, c := range flowCases()[:5] {
		c.batch = 0
		all = append(all, c.forwardLaw(), c.inverseLaw())
	}
	return all
}

func (c flowCase) shapes() [][]int64 {
	return [][]int64{{c.batch, c.Dim}, {c.batch, c.Conditions}, {c.parameters()}}
}

func (c flowCase) forwardLaw() wholeModelLaw {
	return wholeModelLaw{law: law{cgo.OpFlow, c.shapes(), mild,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			z, logDet := s.FlowForward(c.on(s, in[0]), in[0], in[1], in[2])
			return s.Cat(1, z, s.Reshape(logDet, c.batch, 1))
		},
		func(in []array) array {
			z, logDet := c.forward(in[0], in[1], in[2])
			return arrayOf([]int64{c.batch, c.Dim + 1}, func(at []int64) float64 {
				if at[1] == c.Dim {
					return logDet.at(at[0])
				}
				return z.at(at...)
			})
		}}}
}

// inverseLaw is that forward, by its definition, takes back to where the inverse came from.
func (c flowCase) inverseLaw() wholeModelLaw {
	return wholeModelLaw{law: law{cgo.OpFlowInverse, c.shapes(), mild,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			dtype, _ := s.DTypeOf(in[0])
			host := func(t binding.Tensor) array {
				shape, _ := s.Shape(t)
				values, _ := s.Float64s(t)
				return array{shape, values}
			}
			z, _ := c.forward(host(in[0]), host(in[1]), host(in[2]))
			return s.FlowInverse(c.on(s, in[0]), s.FromFloat64s(z.data, dtype, binding.CPU, z.shape...), in[1], in[2])
		},
		func(in []array) array { return in[0] }}}
}

func (c flowCase) gradientLaw() wholeModelLaw {
	loss := func(s *binding.Scope, in []binding.Tensor, gradient binding.Tensor) binding.Tensor {
		squares, logDet := s.FlowGradient(c.on(s, in[0]), in[0], in[1], in[2], gradient)
		return s.Sub(squares, logDet)
	}
	return wholeModelLaw{
		law: law{cgo.OpFlowGradient, c.shapes(), mild,
			func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
				dtype, _ := s.DTypeOf(in[0])
				return loss(s, in, s.Zeros(dtype, binding.CPU, c.parameters()))
			},
			func(in []array) array {
				z, logDet := c.forward(in[0], in[1], in[2])
				sum := 0.0
				for _, v := range z.data {
					sum += v * v / 2
				}
				for _, v := range logDet.data {
					sum -= v
				}
				return array{nil, []float64{sum / float64(c.batch)}}
			}},
		gradient: func(s *binding.Scope, in []binding.Tensor, gradient binding.Tensor) { loss(s, in, gradient) },
	}
}
