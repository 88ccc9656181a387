package binding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// couplingCase is one coupling with operands of one size.
type couplingCase struct {
	binding.Coupling
	batch, dimensions, condition int64
}

func (c couplingCase) String() string {
	return fmt.Sprintf("networks=%d,flip=%t,clamp=%g,B=%d,D=%d,C=%d", c.Networks, c.Flip, c.Clamp, c.batch, c.dimensions, c.condition)
}

func couplingCases() []couplingCase {
	var all []couplingCase
	for _, networks := range []int{1, 2} {
		for _, flip := range []bool{false, true} {
			for _, clamp := range []float64{0, 1.9} {
				for _, dimensions := range []int64{2, 3, 9} {
					for _, condition := range []int64{0, 1, 9} {
						for _, batch := range []int64{1, 33} {
							all = append(all, couplingCase{binding.Coupling{Networks: networks, Flip: flip, Clamp: clamp}, batch, dimensions, condition})
						}
					}
				}
			}
		}
	}
	return all
}

// leaves returns x, y and the networks' layers, drawn at random.
func (c couplingCase) leaves(s *binding.Scope, dtype binding.DType, on binding.Device) []binding.Tensor {
	r := rand.New(rand.NewPCG(uint64(c.dimensions), uint64(c.condition)))
	var all []binding.Tensor
	for _, shape := range couplingShapes(c.Coupling, c.batch, c.dimensions, c.condition) {
		a := s.FromFloat64s(draw(r, count(shape), small), dtype, on, shape...)
		s.RequireGrad(a)
		all = append(all, a)
	}
	return all
}

// composed is the coupling made of general operations, whose gradients are libtorch's own.
func (c couplingCase) composed(s *binding.Scope, x, y binding.Tensor, networks []binding.Tensor) (z, logDet binding.Tensor) {
	first, second := c.dimensions/2, c.dimensions-c.dimensions/2
	x1, x2 := s.Narrow(x, 1, 0, first), s.Narrow(x, 1, first, second)
	input := s.Cat(1, x1, y)
	each := len(networks) / c.Networks
	scale, shift := composedMLP(s, input, networks[:each]), composedMLP(s, input, networks[len(networks)-each:])
	if c.Networks == 1 {
		scale, shift = s.Narrow(scale, 1, 0, second), s.Narrow(shift, 1, second, second)
	}
	if c.Clamp > 0 {
		scale = s.Scale(s.Tanh(s.Scale(scale, 1/c.Clamp)), c.Clamp)
	}
	z = s.Cat(1, x1, s.Add(s.Mul(x2, s.Exp(scale)), shift))
	if c.Flip {
		z = s.Flip(z, 1)
	}
	return z, s.Sum(scale, 1)
}

func composedMLP(s *binding.Scope, x binding.Tensor, layers []binding.Tensor) binding.Tensor {
	for i := 0; i < len(layers); i += 2 {
		x = s.Linear(x, layers[i], layers[i+1])
		if i+2 < len(layers) {
			x = s.ELU(x)
		}
	}
	return x
}

// Losses that use both results, or one alone.
var couplingLosses = map[string]func(s *binding.Scope, z, logDet binding.Tensor) binding.Tensor{
	"both": func(s *binding.Scope, z, logDet binding.Tensor) binding.Tensor {
		return s.Sub(s.Sum(s.Square(s.Affine(z, 1, -0.3))), s.Sum(s.Exp(logDet)))
	},
	"z alone": func(s *binding.Scope, z, _ binding.Tensor) binding.Tensor {
		return s.Sum(s.Square(s.Affine(z, 1, -0.3)))
	},
	"logdet alone": func(s *binding.Scope, _, logDet binding.Tensor) binding.Tensor { return s.Sum(s.Exp(logDet)) },
}

var fusedTolerances = map[binding.DType]float64{binding.Float64: 1e-12, binding.Float32: 1e-5}

func forEachCoupling(t *testing.T, test func(t *testing.T, s *binding.Scope, c couplingCase, in []binding.Tensor, tolerance float64)) {
	bindingtest.NoLeak(t)
	for _, c := range couplingCases() {
		for _, on := range bindingtest.Devices(t) {
			for dtype, tolerance := range fusedTolerances {
				t.Run(fmt.Sprintf("%v,%v,%v", c, dtype, on), func(t *testing.T) {
					s := bindingtest.Open(t)
					test(t, s, c, c.leaves(s, dtype, on), tolerance)
				})
			}
		}
	}
}
