package binding_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/cgo"
)

// law is an operation that can be differentiated, as the tests of all such operations see it: how to call it, and what
// it should give, computed independently in Go.
type law struct {
	op     cgo.Op
	shapes [][]int64 // of the operands
	domain func(*rand.Rand) float64
	apply  func(s *binding.Scope, in []binding.Tensor) binding.Tensor
	want   func(in []array) array
}

func laws() []law {
	return slices.Concat(elementwiseLaws(), linearLaws(), reductionLaws(), shapeLaws(), copyLaws(), fusedLaws(), flowLaws())
}

// Operations without a law: what they give is random, not a number of its own, or not differentiable. Each has tests in
// a file of its own kind.
var lawless = []cgo.Op{
	cgo.OpFull, cgo.OpNormal, cgo.OpUniform, cgo.OpRandperm, cgo.OpAllFinite, cgo.OpDetach, cgo.OpAlias, cgo.OpExport,
	cgo.OpCopy, cgo.OpZero, cgo.OpBackward, cgo.OpGradient, cgo.OpRequireGrad, cgo.OpGrad, cgo.OpParameters, cgo.OpAdam, cgo.OpAdamDevice,
	cgo.OpGather, cgo.OpTally,
}

func TestEveryOperationIsTested(t *testing.T) {
	tested := map[cgo.Op]bool{}
	for _, op := range lawless {
		tested[op] = true
	}
	for _, l := range laws() {
		tested[l.op] = true
	}
	for _, l := range wholeModelLaws() {
		tested[l.op] = true
	}
	for op := cgo.Op(0); op.String() != cgo.Op(-1).String(); op++ {
		assert.True(t, tested[op], "%s has neither a law nor a place among the lawless", op)
		delete(tested, op)
	}
	assert.Empty(t, tested)
}

// forEachLaw runs a test for every law on every device, with operands drawn from the law's domain.
func forEachLaw(t *testing.T, test func(t *testing.T, l law, on binding.Device, in []array)) {
	bindingtest.NoLeak(t)
	for number, l := range laws() {
		for _, on := range bindingtest.Devices(t) {
			t.Run(fmt.Sprintf("%s%v%s", l.op, l.shapes, on), func(t *testing.T) {
				test(t, l, on, operands(l, uint64(number)))
			})
		}
	}
}

func operands(l law, seed uint64) []array {
	r := rand.New(rand.NewPCG(seed, 1))
	domain := l.domain
	if domain == nil {
		domain = normal
	}
	var in []array
	for _, shape := range l.shapes {
		in = append(in, arrayOf(shape, func([]int64) float64 { return domain(r) }))
	}
	return in
}

func tensors(s *binding.Scope, in []array, dtype binding.DType, on binding.Device) []binding.Tensor {
	var all []binding.Tensor
	for _, a := range in {
		all = append(all, s.FromFloat64s(a.data, dtype, on, a.shape...))
	}
	return all
}

func TestValues(t *testing.T) {
	forEachLaw(t, func(t *testing.T, l law, on binding.Device, in []array) { l.holdsValues(t, on, in) })
}

func (l law) holdsValues(t *testing.T, on binding.Device, in []array) {
	want := l.want(in)
	for dtype, tolerance := range map[binding.DType]float64{binding.Float64: 1e-12, binding.Float32: 1e-5} {
		s := bindingtest.Open(t)
		got := l.apply(s, tensors(s, in, dtype, on))
		near(t, want.data, float64s(t, s, got), tolerance, dtype)
		assert.Equal(t, append([]int64{}, want.shape...), bindingtest.Shape(t, s, got))
	}
}

// gradients returns d(Σ weights·output)/d(operand) for each operand.
func (l law) gradients(t *testing.T, in []array, weights []float64, dtype binding.DType, on binding.Device) [][]float64 {
	s := bindingtest.Open(t)
	leaves := tensors(s, in, dtype, on)
	for _, leaf := range leaves {
		s.RequireGrad(leaf)
	}
	out := l.apply(s, leaves)
	w := s.FromFloat64s(weights, dtype, on, bindingtest.Shape(t, s, out)...)
	var all [][]float64
	for i, g := range s.Gradient(s.Sum(s.Mul(out, w)), leaves...) {
		all = append(all, float64s(t, s, g))
		assert.Equal(t, in[i].shape, bindingtest.Shape(t, s, g))
	}
	return all
}

// weighted returns Σ weights·output.
func (l law) weighted(t *testing.T, in []array, weights []float64, on binding.Device) float64 {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	sum := 0.0
	for i, value := range float64s(t, s, l.apply(s, tensors(s, in, binding.Float64, on))) {
		sum += weights[i] * value
	}
	return sum
}

// differences returns the central finite differences that gradients should equal.
func (l law) differences(t *testing.T, in []array, weights []float64, on binding.Device) [][]float64 {
	var all [][]float64
	for _, a := range in {
		slopes := make([]float64, len(a.data))
		for i, x := range a.data {
			h := 1e-5 * max(1, math.Abs(x))
			a.data[i] = x + h
			above := l.weighted(t, in, weights, on)
			a.data[i] = x - h
			below := l.weighted(t, in, weights, on)
			a.data[i] = x
			slopes[i] = (above - below) / (2 * h)
		}
		all = append(all, slopes)
	}
	return all
}

func TestGradientsAreFiniteDifferences(t *testing.T) {
	forEachLaw(t, func(t *testing.T, l law, on binding.Device, in []array) {
		weights := draw(rand.New(rand.NewPCG(7, 7)), count(l.want(in).shape), normal)
		exact := l.gradients(t, in, weights, binding.Float64, on)
		for i, slopes := range l.differences(t, in, weights, on) {
			near(t, slopes, exact[i], 1e-7, "operand", i)
		}
		for i, single := range l.gradients(t, in, weights, binding.Float32, on) {
			near(t, exact[i], single, 1e-5, "operand in float32", i)
		}
	})
}

func TestSingleAndDoubleDoNotMix(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, op := range []func(s *binding.Scope, a, b binding.Tensor) binding.Tensor{(*binding.Scope).MatMul,
		func(s *binding.Scope, a, b binding.Tensor) binding.Tensor { return s.MLP(a, []binding.Tensor{b, b}) }} {
		s := bindingtest.Open(t)
		single := s.Zeros(binding.Float32, binding.CPU, 2, 2)
		double := s.Zeros(binding.Float64, binding.CPU, 2, 2)
		require.False(t, op(s, single, double).Valid())
		assert.ErrorIs(t, s.Err(), binding.ErrDType)
	}
}
