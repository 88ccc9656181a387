package binding_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/cgo"
)

func flowLaws() []law {
	all := []law{}
	for _, size := range [][3]int64{{3, 2, 2}, {4, 1, 5}, {0, 2, 3}} {
		all = append(all, splineLaw(size[0], size[1], int(size[2])))
	}
	for _, size := range [][2]int64{{3, 2}, {5, 4}, {1, 1}, {0, 3}} {
		all = append(all, mixingLaw(size[0], size[1]), unmixingLaw(size[0], size[1]))
	}
	return all
}

// splineLaw is about values and log-determinant, side by side.
func splineLaw(batch, columns int64, bins int) law {
	c := binding.Spline{Bins: bins, Bound: 1.7}
	return law{cgo.OpSpline, [][]int64{{batch, columns}, {batch, columns * c.Width()}}, normal,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			y, logDet := s.Spline(c, in[0], in[1])
			return s.Cat(1, y, s.Reshape(logDet, batch, 1))
		},
		func(in []array) array {
			bent := func(row, column int64) (y, logSlope float64) {
				raw := make([]float64, c.Width())
				for i := range raw {
					raw[i] = in[1].at(row, column*c.Width()+int64(i))
				}
				return bend(c, raw, in[0].at(row, column))
			}
			return arrayOf([]int64{batch, columns + 1}, func(at []int64) float64 {
				if at[1] < columns {
					y, _ := bent(at[0], at[1])
					return y
				}
				total := 0.0
				for column := range columns {
					_, logSlope := bent(at[0], column)
					total += logSlope
				}
				return total
			})
		}}
}

// bend is the spline by its definition.
func bend(c binding.Spline, raw []float64, x float64) (y, logSlope float64) {
	if math.Abs(x) >= c.Bound {
		return x, 0
	}
	sizes := func(raw []float64) (sizes []float64) {
		sum := 0.0
		for _, v := range raw {
			sum += math.Exp(v)
		}
		for _, v := range raw {
			sizes = append(sizes, 2*c.Bound*(1e-3+(1-1e-3*float64(c.Bins))*math.Exp(v)/sum))
		}
		return sizes
	}
	slope := func(k int) float64 {
		if k == 0 || k == c.Bins {
			return 1
		}
		return 1e-3 + math.Log1p(math.Exp(raw[2*c.Bins+k-1])*math.Expm1(1-1e-3))
	}
	widths, heights := sizes(raw[:c.Bins]), sizes(raw[c.Bins:2*c.Bins])
	left, low, k := -c.Bound, -c.Bound, 0
	for ; k < c.Bins-1 && x >= left+widths[k]; k++ {
		left, low = left+widths[k], low+heights[k]
	}
	s, part := heights[k]/widths[k], (x-left)/widths[k]
	below := s + (slope(k+1)+slope(k)-2*s)*part*(1-part)
	y = low + heights[k]*(s*part*part+slope(k)*part*(1-part))/below
	return y, math.Log(s*s*(slope(k+1)*part*part+2*s*part*(1-part)+slope(k)*(1-part)*(1-part))) - 2*math.Log(below)
}

// mixingOf returns the matrix that a row is multiplied by from the right, by its definition.
func mixingOf(m array, permutation *mat.Dense) *mat.Dense {
	d := int(m.shape[0])
	lower, upper, product := mat.NewDense(d, d, nil), mat.NewDense(d, d, nil), new(mat.Dense)
	for i := range d {
		for j := range d {
			switch v := m.at(int64(i), int64(j)); {
			case i > j:
				lower.Set(i, j, v)
			case i < j:
				upper.Set(i, j, v)
			default:
				lower.Set(i, i, 1)
				upper.Set(i, i, math.Exp(v))
			}
		}
	}
	product.Product(permutation.T(), lower, upper)
	return mat.DenseCopyOf(product.T())
}

// rotation is a permutation that is not its own transpose.
func rotation(d int64) (*mat.Dense, []float64) {
	r := mat.NewDense(int(d), int(d), nil)
	for i := range int(d) {
		r.Set(i, (i+1)%int(d), 1)
	}
	return r, r.RawMatrix().Data
}

func multiplied(x array, w *mat.Dense) array {
	return arrayOf(x.shape, func(at []int64) (sum float64) {
		for k := range x.shape[1] {
			sum += x.at(at[0], k) * w.At(int(k), int(at[1]))
		}
		return sum
	})
}

func mixingLaw(batch, d int64) law {
	r, order := rotation(d)
	return law{cgo.OpMixing, [][]int64{{batch, d}, {d, d}}, small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			z, logDet := s.Mixing(in[0], in[1], permutationLike(s, in[1], order, d))
			return s.Cat(1, z, s.Expand(s.Reshape(logDet, 1, 1), batch, 1))
		},
		func(in []array) array {
			w := mixingOf(in[1], r)
			z := multiplied(in[0], w)
			logDet, _ := mat.LogDet(w)
			return arrayOf([]int64{batch, d + 1}, func(at []int64) float64 {
				if at[1] == d {
					return logDet
				}
				return z.at(at...)
			})
		}}
}

func unmixingLaw(batch, d int64) law {
	r, order := rotation(d)
	return law{cgo.OpMixing, [][]int64{{batch, d}, {d, d}}, small,
		func(s *binding.Scope, in []binding.Tensor) binding.Tensor {
			return s.Unmixing(in[0], in[1], permutationLike(s, in[1], order, d))
		},
		func(in []array) array {
			var inverse mat.Dense
			if err := inverse.Inverse(mixingOf(in[1], r)); err != nil {
				panic(err) // the laws' operands are well conditioned
			}
			return multiplied(in[0], &inverse)
		}}
}

// permutationLike returns a permutation of the type and device of m [d,d].
func permutationLike(s *binding.Scope, m binding.Tensor, order []float64, d int64) binding.Tensor {
	dtype, _ := s.DTypeOf(m)
	on, _ := s.DeviceOf(m)
	return s.FromFloat64s(order, dtype, on, d, d)
}

func TestMixingRefusesWhatDoesNotFit(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, shapes := range [][3][]int64{
		{{4, 3}, {3, 3}, {2, 2}}, {{4, 2}, {3, 3}, {3, 3}}, {{4, 3}, {3, 2}, {3, 2}}, {{3}, {3, 3}, {3, 3}}, {{4, 3}, {9}, {9}},
	} {
		forward, inverse := bindingtest.Open(t), bindingtest.Open(t)
		forward.Mixing(zeros(forward, shapes[0]...), zeros(forward, shapes[1]...), zeros(forward, shapes[2]...))
		inverse.Unmixing(zeros(inverse, shapes[0]...), zeros(inverse, shapes[1]...), zeros(inverse, shapes[2]...))
		assert.ErrorIs(t, forward.Err(), binding.ErrShape, "%v", shapes)
		assert.ErrorIs(t, inverse.Err(), binding.ErrShape, "%v", shapes)
	}
}
