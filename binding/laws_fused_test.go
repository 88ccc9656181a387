package binding_test

import (
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cgo"
)

// small keeps the scales of couplings mild, so that finite differences stay sharp.
func small(r *rand.Rand) float64 { return 0.5 * r.NormFloat64() }

func fusedLaws() []law {
	all := []law{
		mlpLaw(3, 4, 5, 2), mlpLaw(1, 3, 1), mlpLaw(33, 2, 7, 6, 3), mlpLaw(0, 3, 4, 2), mlpLaw(2, 0, 3, 2),
	}
	for _, c := range []binding.Coupling{{Networks: 2}, {Networks: 1, Flip: true}, {Networks: 2, Flip: true, Clamp: 0.7}, {Networks: 1, Clamp: 1.9}} {
		for _, sizes := range [][3]int64{{3, 2, 0}, {1, 3, 1}, {4, 5, 2}, {0, 3, 1}} {
			all = append(all, couplingLaw(c, sizes[0], sizes[1], sizes[2]), uncouplingLaw(c, sizes[0], sizes[1], sizes[2]))
		}
	}
	return all
}

// layerShapes returns the shapes of weight and bias by turns.
func layerShapes(sizes ...int64) [][]int64 {
	var shapes [][]int64
	for i := range sizes[1:] {
		shapes = append(shapes, []int64{sizes[i+1], sizes[i]}, []int64{sizes[i+1]})
	}
	return shapes
}

func mlpLaw(batch int64, sizes ...int64) law {
	return law{cgo.OpMLP, append([][]int64{{batch, sizes[0]}}, layerShapes(sizes...)...), small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor { return s.MLP(in[0], in[1:]) },
		func(in []array) array { return perceptron(in[0], in[1:]) }}
}

func perceptron(x array, layers []array) array {
	for i := 0; i < len(layers); i += 2 {
		x = linear(x, layers[i], layers[i+1])
		if i+2 < len(layers) {
			x = arrayOf(x.shape, func(at []int64) float64 { return elu(x.at(at...)) })
		}
	}
	return x
}

// couplingShapes returns the shapes of x, y and the networks' layers.
func couplingShapes(c binding.Coupling, batch, dimensions, condition int64) [][]int64 {
	inputs, outputs := dimensions/2+condition, dimensions-dimensions/2
	if c.Networks == 1 {
		outputs *= 2
	}
	shapes := [][]int64{{batch, dimensions}, {batch, condition}}
	for range c.Networks {
		shapes = append(shapes, layerShapes(inputs, 4, outputs)...)
	}
	return shapes
}

func couplingLaw(c binding.Coupling, batch, dimensions, condition int64) law {
	return law{cgo.OpCoupling, couplingShapes(c, batch, dimensions, condition), small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			z, logDet := s.Coupling(c, in[0], in[1], in[2:])
			return s.Cat(1, z, s.Reshape(logDet, batch, 1))
		},
		func(in []array) array {
			z, logDet := coupled(c, in[0], in[1], in[2:])
			return arrayOf([]int64{batch, dimensions + 1}, func(at []int64) float64 {
				if at[1] == dimensions {
					return logDet.at(at[0])
				}
				return z.at(at...)
			})
		}}
}

func uncouplingLaw(c binding.Coupling, batch, dimensions, condition int64) law {
	return law{cgo.OpUncoupling, couplingShapes(c, batch, dimensions, condition), small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			return s.Uncoupling(c, in[0], in[1], in[2:])
		},
		func(in []array) array {
			z := in[0]
			if c.Flip {
				z = mirrored(z)
			}
			scales, shifts := scalesAndShifts(c, z, in[1], in[2:])
			first := dimensions / 2
			return arrayOf(z.shape, func(at []int64) float64 {
				if at[1] < first {
					return z.at(at...)
				}
				return (z.at(at...) - shifts(at[0], at[1]-first)) * math.Exp(-scales(at[0], at[1]-first))
			})
		}}
}

// coupled is the coupling by its definition, element by element.
func coupled(c binding.Coupling, x, y array, networks []array) (z, logDet array) {
	first := x.shape[1] / 2
	scales, shifts := scalesAndShifts(c, x, y, networks)
	z = arrayOf(x.shape, func(at []int64) float64 {
		if at[1] < first {
			return x.at(at...)
		}
		return x.at(at...)*math.Exp(scales(at[0], at[1]-first)) + shifts(at[0], at[1]-first)
	})
	logDet = arrayOf(x.shape[:1], func(at []int64) float64 {
		total := 0.0
		for j := range x.shape[1] - first {
			total += scales(at[0], j)
		}
		return total
	})
	if c.Flip {
		z = mirrored(z)
	}
	return z, logDet
}

func scalesAndShifts(c binding.Coupling, x, y array, networks []array) (scales, shifts func(row, column int64) float64) {
	first := x.shape[1] / 2
	input := arrayOf([]int64{x.shape[0], first + y.shape[1]}, func(at []int64) float64 {
		if at[1] < first {
			return x.at(at...)
		}
		return y.at(at[0], at[1]-first)
	})
	each := len(networks) / c.Networks
	one, other, skip := perceptron(input, networks[:each]), perceptron(input, networks[len(networks)-each:]), int64(0)
	if c.Networks == 1 {
		skip = x.shape[1] - first
	}
	scales = func(row, column int64) float64 {
		if c.Clamp > 0 {
			return c.Clamp * math.Tanh(one.at(row, column)/c.Clamp)
		}
		return one.at(row, column)
	}
	return scales, func(row, column int64) float64 { return other.at(row, column+skip) }
}

func mirrored(a array) array {
	return arrayOf(a.shape, func(at []int64) float64 { return a.at(at[0], a.shape[1]-1-at[1]) })
}
