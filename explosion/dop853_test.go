package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var eighthNodes = [eighthStages]float64{
	0, 0.0526001519587677318785587544488, 0.0789002279381515978178381316732, 0.118350341907227396726757197510,
	0.281649658092772603273242802490, 1. / 3, 1. / 4, 4. / 13, 127. / 195, 3. / 5, 6. / 7, 1,
}

func moment(weights [eighthStages]float64, power int) float64 {
	sum := 0.0
	for s, weight := range weights {
		sum += weight * math.Pow(eighthNodes[s], float64(power))
	}
	return sum
}

// The quadrature conditions of order 8 and of the estimates, with the nodes of the
// published table.
func TestEighthOrderWeights(t *testing.T) {
	for power := range 8 {
		want := 1 / float64(power+1)
		assert.InDelta(t, want, moment(eighthWeights, power), 1e-14, "power %d", power)
		if power < 3 {
			assert.InDelta(t, want, moment(thirdWeights, power), 1e-14, "power %d", power)
		}
		if power < 5 {
			assert.InDelta(t, 0, moment(fifthErrorWeights, power), 1e-14, "power %d", power)
		}
	}
	assert.Greater(t, math.Abs(moment(thirdWeights, 3)-1./4), 1e-4, "the lower solution is of order 3")
	assert.Greater(t, math.Abs(moment(fifthErrorWeights, 5)), 1e-4, "the higher one is of order 5")
}

// Each stage integrates the powers that its place in the method asks for.
func TestEighthOrderStages(t *testing.T) {
	for s, weights := range eighthStageWeights {
		powers := 4
		switch {
		case s < 2:
			powers = 1
		case s < 5:
			powers = 3
		}
		for power := range powers {
			want := math.Pow(eighthNodes[s], float64(power+1)) / float64(power+1)
			assert.InDelta(t, want, moment(weights, power), 2e-14, "stage %d, power %d", s, power)
		}
	}
}

func TestCombinationsFollowTheTable(t *testing.T) {
	random := testRandom(21)
	const size, step = 6, 0.7
	slopes := make([][eighthStages]float64, size)
	state := make([]float64, size)
	for i := range state {
		state[i] = random.NormFloat64()
		for s := range slopes[i] {
			slopes[i][s] = random.NormFloat64()
		}
	}
	weighed := func(weights [eighthStages]float64, i int) (sum float64) {
		for s, weight := range weights {
			sum += step * weight * slopes[i][s]
		}
		return sum
	}
	trial, fifth, third := make([]float64, size), make([]float64, size), make([]float64, size)
	for stage := 1; stage < eighthStages; stage++ {
		combineStage(stage, trial, state, slopes, step)
		for i, x := range state {
			assert.InDelta(t, x+weighed(eighthStageWeights[stage], i), trial[i], 1e-13, "stage %d", stage)
		}
	}
	combineSolution(trial, fifth, third, state, slopes, step)
	for i, x := range state {
		assert.InDelta(t, x+weighed(eighthWeights, i), trial[i], 1e-13)
		assert.InDelta(t, weighed(fifthErrorWeights, i), fifth[i], 1e-13)
		assert.InDelta(t, weighed(eighthWeights, i)-weighed(thirdWeights, i), third[i], 1e-13)
	}
}

// One step from the same state is wrong by h⁹; the estimate, made to be of the
// order of the method, by h⁸.
func TestEighthOrderOfOneStep(t *testing.T) {
	m := randomMolecule(testRandom(2), 3)
	momenta := scaled(50, randomMolecule(testRandom(3), 3).Equilibrium)
	errorOf := func(step float64) (local, estimate float64) {
		follow := func(parts int) (*scaledTime, float64) {
			s := newIons(m)
			s.start(m.Equilibrium, momenta)
			method := newScaledTime(s, 1e-6)
			method.start(s.energy())
			estimate := 0.0
			for range parts {
				estimate = method.try(step/float64(parts), errorScale{1, 1})
				method.accept()
			}
			return method, estimate
		}
		exact, _ := follow(16)
		got, estimate := follow(1)
		return distance(exact.ions.state, got.ions.state), estimate
	}
	local, estimate := errorOf(0.8)
	localHalf, estimateHalf := errorOf(0.4)
	require.Greater(t, localHalf, 1e-13, "above rounding")
	assert.InDelta(t, 9, math.Log2(local/localHalf), 0.8)
	assert.InDelta(t, 8, math.Log2(estimate/estimateHalf), 0.8)
}
