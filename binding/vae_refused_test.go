package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

var smallVAE = vaeCase{VAE: binding.VAE{Dim: 3, Conditions: 2, Latent: 4, Hidden: []int64{5}, LearnedVariance: true, LogVarianceGain: 1, DivergenceShare: 1}, batch: 6}

// vaeOperands are good ones: of the loss x, y and ε; of draws ε, y, the decoder's noise, mean and standard deviation; then the
// parameters.
func vaeOperands(s *binding.Scope, shapes [][]int64) (all []binding.Tensor) {
	for _, shape := range shapes {
		all = append(all, zeros(s, shape...))
	}
	return all
}

type vaeCall struct {
	shapes [][]int64
	do     func(s *binding.Scope, v binding.VAE, in []binding.Tensor)
}

func vaeCalls() map[string]vaeCall {
	return map[string]vaeCall{
		"loss": {smallVAE.lossShapes(), func(s *binding.Scope, v binding.VAE, in []binding.Tensor) {
			s.VAELoss(v, in[0], in[1], in[2], in[3])
		}},
		"gradient": {smallVAE.lossShapes(), func(s *binding.Scope, v binding.VAE, in []binding.Tensor) {
			s.VAEGradient(v, in[0], in[1], in[2], in[3], zeros(s, smallVAE.parameters()))
		}},
		"draw": {smallVAE.drawLaw().shapes, func(s *binding.Scope, v binding.VAE, in []binding.Tensor) {
			s.VAEDraw(v, binding.VAENoise{Epsilon: in[0], Decoder: in[2], Mean: in[3], SD: in[4]}, in[1], in[5])
		}},
		"bound": {smallVAE.boundLaw().shapes, func(s *binding.Scope, v binding.VAE, in []binding.Tensor) {
			s.VAEBound(v, binding.VAENoise{Epsilon: in[2], Mean: in[3], SD: in[4]}, in[0], in[1], in[5])
		}},
	}
}

// Every operand is needed in its shape and type.
func TestVAERefusesOperandsThatDoNotFit(t *testing.T) {
	var all []refusal
	for name, c := range vaeCalls() {
		for i, shape := range c.shapes {
			with := func(what string, kind binding.Kind, other func(s *binding.Scope) binding.Tensor) {
				all = append(all, refusal{name + "/" + what, kind, func(s *binding.Scope) {
					in := vaeOperands(s, c.shapes)
					in[i] = other(s)
					c.do(s, smallVAE.VAE, in)
				}})
			}
			last := len(shape) - 1
			wide := append(append([]int64{}, shape[:last]...), shape[last]+1)
			with("too wide", binding.ErrShape, func(s *binding.Scope) binding.Tensor { return zeros(s, wide...) })
			with("without dimensions", binding.ErrShape, func(s *binding.Scope) binding.Tensor { return zeros(s) })
			with("deeper", binding.ErrShape, func(s *binding.Scope) binding.Tensor { return zeros(s, append([]int64{1}, shape...)...) })
			if last == 1 {
				with("of fewer rows", binding.ErrShape, func(s *binding.Scope) binding.Tensor { return zeros(s, shape[0]-1, shape[1]) })
			}
			with("float32", binding.ErrDType, func(s *binding.Scope) binding.Tensor { return s.Zeros(binding.Float32, binding.CPU, shape...) })
			with("absent", binding.ErrArgument, func(*binding.Scope) binding.Tensor { return binding.Tensor{} })
		}
		for what, change := range map[string]func(v *binding.VAE){
			"no column":             func(v *binding.VAE) { v.Dim = 0 },
			"no condition":          func(v *binding.VAE) { v.Conditions = 0 },
			"no latent variable":    func(v *binding.VAE) { v.Latent = 0 },
			"columns below zero":    func(v *binding.VAE) { v.Dim = -3 },
			"a width of zero":       func(v *binding.VAE) { v.Hidden = []int64{0} },
			"a width far below one": func(v *binding.VAE) { v.Hidden = []int64{5, -5} },
		} {
			all = append(all, refusal{name + "/" + what, binding.ErrArgument, func(s *binding.Scope) {
				v := smallVAE.VAE
				change(&v)
				c.do(s, v, vaeOperands(s, c.shapes))
			}})
		}
	}
	holdRefusals(t, all)
}

func TestVAELossNeedsRows(t *testing.T) {
	empty := smallVAE
	empty.batch = 0
	var all []refusal
	for _, name := range []string{"loss", "gradient"} {
		all = append(all, refusal{name, binding.ErrShape, func(s *binding.Scope) {
			vaeCalls()[name].do(s, empty.VAE, vaeOperands(s, empty.lossShapes()))
		}})
	}
	all = append(all, refusal{"a gradient of another size", binding.ErrShape, func(s *binding.Scope) {
		in := vaeOperands(s, smallVAE.lossShapes())
		s.VAEGradient(smallVAE.VAE, in[0], in[1], in[2], in[3], zeros(s, smallVAE.parameters()+1))
	}})
	holdRefusals(t, all)
}

func TestVAEDrawsUnderOneConditionForAll(t *testing.T) {
	bindingtest.NoLeak(t)
	for number, c := range vaeCases() {
		s := bindingtest.Open(t)
		in := tensors(s, operands(c.drawLaw().law, uint64(number)), binding.Float64, binding.CPU)
		one := s.Narrow(in[1], 0, 0, 1)
		repeated := s.Expand(one, c.batch, c.Conditions)
		draws := func(y binding.Tensor) []float64 {
			return float64s(t, s, s.VAEDraw(c.VAE, binding.VAENoise{Epsilon: in[0], Decoder: in[2], Mean: in[3], SD: in[4]}, y, in[5]))
		}
		for _, y := range []binding.Tensor{one, repeated} {
			near(t, draws(s.Clone(repeated)), draws(y), 1e-13)
		}
		assert.NoError(t, s.Err())
	}
}
