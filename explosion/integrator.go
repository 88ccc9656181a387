package explosion

import (
	"fmt"
	"math"
)

// integrator follows one explosion after another of one molecule. All memory is
// allocated once. The state is 3N positions followed by 3N momenta.
type integrator struct {
	options  Options
	masses   []float64
	inverse  []float64 // 1/mass, [3N]
	pairs    []pair
	state    []float64
	trial    []float64
	estimate []float64 // of the error of trial
	slopes   [stages][]float64
}

// newIntegrator expects options with defaults and a molecule that can explode.
func newIntegrator(m Molecule, o Options) *integrator {
	size := 6 * len(m.Atoms)
	memory := make([]float64, (stages+3)*size+size/2)
	next := func(n int) []float64 {
		part := memory[:n:n]
		memory = memory[n:]
		return part
	}
	g := &integrator{
		options: o, masses: m.Masses(), pairs: pairsOf(m.Atoms),
		state: next(size), trial: next(size), estimate: next(size), inverse: next(size / 2),
	}
	for s := range g.slopes {
		g.slopes[s] = next(size)
	}
	for i := range g.inverse {
		g.inverse[i] = 1 / g.masses[i/3]
	}
	return g
}

func (g *integrator) positions() []float64 { return g.state[:len(g.inverse)] }
func (g *integrator) momenta() []float64   { return g.state[len(g.inverse):] }

// slope writes the time derivative of state: velocities and forces.
func (g *integrator) slope(derivative, state []float64) {
	n := len(g.inverse)
	momenta := state[n:]
	for i, inverse := range g.inverse {
		derivative[i] = momenta[i] * inverse
	}
	coulombForces(derivative[n:], state[:n], g.pairs)
}

// run follows the state until the ions are free, from the energy it has.
func (g *integrator) run(energy float64) (accepted, rejected int, err error) {
	scale := g.momentumScale(energy)
	control := newController()
	step := g.firstStep()
	g.slope(g.slopes[0], g.state)
	for !g.free(energy) {
		if accepted+rejected >= g.options.MaxSteps {
			return accepted, rejected, fmt.Errorf("ions not apart after %d steps", g.options.MaxSteps)
		}
		g.try(step)
		relative := g.relativeError(scale) / g.options.Tolerance
		ok, factor := control.next(relative)
		step *= factor
		if !ok {
			rejected++
			continue
		}
		accepted++
		g.state, g.trial = g.trial, g.state
		g.slopes[0], g.slopes[stages-1] = g.slopes[stages-1], g.slopes[0]
	}
	return accepted, rejected, nil
}

// try makes the trial state one step ahead and the estimate of its error. It
// expects the first slope.
func (g *integrator) try(step float64) {
	for s, weights := range stageWeights {
		copy(g.trial, g.state)
		for r := range s + 1 {
			addScaled(g.trial, step*weights[r], g.slopes[r])
		}
		g.slope(g.slopes[s+1], g.trial)
	}
	clear(g.estimate)
	for s, weight := range errorWeights {
		addScaled(g.estimate, step*weight, g.slopes[s])
	}
}

func addScaled(sum []float64, factor float64, term []float64) {
	term = term[:len(sum)]
	for i := range sum {
		sum[i] += factor * term[i]
	}
}

// relativeError is the largest error of any ion's position or momentum, as
// lengths of vectors, so that it does not depend on the axes.
func (g *integrator) relativeError(momentumScale float64) float64 {
	n := len(g.inverse)
	return max(
		largestVector(g.estimate[:n])/g.smallestDistance(),
		largestVector(g.estimate[n:])/momentumScale,
	)
}

func largestVector(flat []float64) float64 {
	largest := 0.0
	for i := 0; i+3 <= len(flat); i += 3 {
		v := vectorAt(flat, i)
		largest = max(largest, v.dot(v))
	}
	return math.Sqrt(largest)
}

func (g *integrator) smallestDistance() float64 {
	smallest := math.Inf(1)
	for k := range g.pairs {
		d := g.pairs[k].difference(g.positions())
		smallest = min(smallest, d.dot(d))
	}
	return math.Sqrt(smallest)
}

// momentumScale is the momentum that the lightest ion would have with all the
// energy.
func (g *integrator) momentumScale(energy float64) float64 {
	lightest := math.Inf(1)
	for k := range g.pairs {
		lightest = min(lightest, g.masses[g.pairs[k].i/3], g.masses[g.pairs[k].j/3])
	}
	return math.Sqrt(2 * lightest * energy)
}

// firstStep is a small part of the time in which the fastest pair doubles its
// distance, from rest or by the velocity it has; the controller does the rest.
func (g *integrator) firstStep() float64 {
	shortest := math.Inf(1)
	for k := range g.pairs {
		motion := g.motion(&g.pairs[k])
		fromRest := math.Sqrt(motion.reducedMass/g.pairs[k].chargeProduct*motion.distance) * motion.distance
		shortest = min(shortest, fromRest, motion.distance/motion.speed)
	}
	return 0.01 * shortest
}
