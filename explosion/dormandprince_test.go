package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The quadrature conditions of order 5, with the nodes of the published table.
func TestDormandPrinceCoefficients(t *testing.T) {
	nodes := []float64{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1}
	for s, weights := range stageWeights {
		sum := 0.0
		for _, weight := range weights {
			sum += weight
		}
		assert.InDelta(t, nodes[s+1], sum, 1e-14, "stage %d", s+2)
	}
	for power := range 5 {
		fifth, difference := 0.0, errorWeights[stages-1]
		for s, weight := range stageWeights[stages-2] {
			fifth += weight * math.Pow(nodes[s], float64(power))
			difference += errorWeights[s] * math.Pow(nodes[s], float64(power))
		}
		assert.InDelta(t, 1/float64(power+1), fifth, 1e-14, "power %d", power)
		if power < 4 {
			assert.InDelta(t, 0, difference, 1e-15, "power %d", power)
		} else {
			assert.Greater(t, math.Abs(difference), 1e-4, "the embedded solution is of order 4")
		}
	}
}

// One step from the same state is wrong by h⁶, the estimate by h⁵.
func TestFifthOrderOfOneStep(t *testing.T) {
	m := randomMolecule(testRandom(2), 3)
	follow := func(step float64, parts int) (momenta []float64, estimate float64) {
		s := newIons(m)
		s.start(m.Equilibrium, nil)
		method := newPlainTime(s)
		method.start(s.energy())
		for range parts {
			method.try(step/float64(parts), errorScale{1, 1})
			method.accept()
		}
		return s.momenta(), largestVector(method.estimate[len(m.Equilibrium):])
	}
	errorOf := func(step float64) (local, estimate float64) {
		exact, _ := follow(step, 64)
		got, estimate := follow(step, 1)
		return distance(exact, got), estimate
	}
	s := newIons(m)
	s.start(m.Equilibrium, nil)
	step := 40 * newPlainTime(s).start(s.energy())
	local, estimate := errorOf(step)
	localHalf, estimateHalf := errorOf(step / 2)
	// One power less than the local error: the momenta that errors are measured
	// against also grow from rest in proportion to the step.
	assert.InDelta(t, 5, math.Log2(local/localHalf), 0.7)
	assert.InDelta(t, 5, math.Log2(estimate/estimateHalf), 0.7)
}
