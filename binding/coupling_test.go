package binding_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestCouplingIsItsComposition(t *testing.T) {
	forEachCoupling(t, func(t *testing.T, s *binding.Scope, c couplingCase, in []binding.Tensor, tolerance float64) {
		z, logDet := s.Coupling(c.Coupling, in[0], in[1], in[2:])
		wantZ, wantLogDet := c.composed(s, in[0], in[1], in[2:])
		near(t, float64s(t, s, wantZ), float64s(t, s, z), tolerance, "z")
		near(t, float64s(t, s, wantLogDet), float64s(t, s, logDet), tolerance, "logdet")
		for name, loss := range couplingLosses {
			got := s.Gradient(loss(s, z, logDet), in...)
			for i, want := range s.Gradient(loss(s, wantZ, wantLogDet), in...) {
				near(t, float64s(t, s, want), float64s(t, s, got[i]), tolerance, name, "operand", i)
			}
		}
	})
}

func TestUncouplingUndoesCoupling(t *testing.T) {
	forEachCoupling(t, func(t *testing.T, s *binding.Scope, c couplingCase, in []binding.Tensor, tolerance float64) {
		x, y, networks := in[0], in[1], in[2:]
		z, _ := s.Coupling(c.Coupling, x, y, networks)
		near(t, float64s(t, s, x), float64s(t, s, s.Uncoupling(c.Coupling, z, y, networks)), tolerance)
		back := s.Uncoupling(c.Coupling, x, y, networks)
		again, _ := s.Coupling(c.Coupling, back, y, networks)
		near(t, float64s(t, s, x), float64s(t, s, again), tolerance)
	})
}

func TestCouplingLogDetIsTheJacobians(t *testing.T) {
	forEachCoupling(t, func(t *testing.T, s *binding.Scope, c couplingCase, in []binding.Tensor, tolerance float64) {
		z, logDet := s.Coupling(c.Coupling, in[0], in[1], in[2:])
		jacobians := make([]*mat.Dense, c.batch)
		for row := range jacobians {
			jacobians[row] = mat.NewDense(int(c.dimensions), int(c.dimensions), nil)
		}
		// Events do not mix, so the gradient of a column's sum holds that row of every event's Jacobian.
		for i := range c.dimensions {
			slopes := float64s(t, s, s.Gradient(s.Narrow(z, 1, i, 1), in[0])[0])
			for row := range c.batch {
				jacobians[row].SetRow(int(i), slopes[row*c.dimensions:(row+1)*c.dimensions])
			}
		}
		for row, got := range float64s(t, s, logDet) {
			want, _ := mat.LogDet(jacobians[row])
			assert.InDelta(t, want, got, 10*tolerance)
		}
	})
}

func TestClampBoundsTheScale(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	huge := []binding.Tensor{s.Full(1e4, binding.Float64, binding.CPU, 2, 1), s.Zeros(binding.Float64, binding.CPU, 2)}
	_, logDet := s.Coupling(binding.Coupling{Networks: 1, Clamp: 2}, s.Full(1, binding.Float64, binding.CPU, 1, 2), s.Zeros(binding.Float64, binding.CPU, 1, 0), huge)
	assert.Equal(t, 2.0, item(t, s, logDet))
}

func TestAnOperandsGradientDoesNotDependOnTheOthersAskedFor(t *testing.T) {
	bindingtest.NoLeak(t)
	c := couplingCase{binding.Coupling{Networks: 2}, 3, 4, 2}
	s := bindingtest.Open(t)
	in := c.leaves(s, binding.Float64, binding.CPU)
	all := s.Gradient(couplingSum(s, c, in), in...)
	for i := range in {
		alone := bindingtest.Open(t)
		lonely := c.leaves(alone, binding.Float64, binding.CPU)
		for j := range lonely {
			if j != i {
				lonely[j] = alone.Detach(lonely[j])
			}
		}
		got := alone.Gradient(couplingSum(alone, c, lonely), lonely[i])
		assert.Equal(t, float64s(t, s, all[i]), float64s(t, alone, got[0]), "operand %d", i)
	}
}

func couplingSum(s *binding.Scope, c couplingCase, in []binding.Tensor) binding.Tensor {
	z, logDet := s.Coupling(c.Coupling, in[0], in[1], in[2:])
	return couplingLosses["both"](s, z, logDet)
}

// Extreme inputs give extreme numbers, not errors: guarding against them is the trainer's work.
func TestCouplingOverflowsToInfinity(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	huge := []binding.Tensor{s.Full(1e4, binding.Float32, binding.CPU, 2, 1), s.Zeros(binding.Float32, binding.CPU, 2)}
	z, logDet := s.Coupling(binding.Coupling{Networks: 1}, s.Full(1, binding.Float32, binding.CPU, 1, 2), s.Zeros(binding.Float32, binding.CPU, 1, 0), huge)
	assert.True(t, math.IsInf(float64s(t, s, z)[1], 1))
	assert.Equal(t, 1e4, item(t, s, logDet))
}
