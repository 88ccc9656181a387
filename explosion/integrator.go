package explosion

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrNotConverged is what errors of explosions wrap whose input is good but whose
// momenta cannot be vouched for.
var ErrNotConverged = errors.New("not converged")

// integrator follows one explosion after another of one molecule. All memory is
// allocated once.
type integrator struct {
	options  Options
	ions     *ions
	method   method
	tangents *tangents // nil unless derivatives are wanted
	impulses []float64 // [3n]
	mean     []float64 // momenta, [3n]
}

// method advances ions by steps. What a step's length means is its own affair.
type method interface {
	order() int
	// start makes ready for ions with this energy and returns the first step.
	start(energy float64) (step float64)
	// try makes the state one step ahead and returns the estimate of its error.
	try(step float64, scale errorScale) float64
	// accept moves the ions to the state that was tried last.
	accept()
}

// newIntegrator expects options with defaults and a molecule that can explode.
func newIntegrator(m Molecule, o Options) *integrator {
	g := &integrator{options: o, ions: newIons(m)}
	n := len(g.ions.inverse)
	g.impulses, g.mean = make([]float64, n), make([]float64, n)
	if o.Method == MethodReference {
		g.method = newPlainTime(g.ions)
	} else {
		g.method = newScaledTime(g.ions, o.Tolerance)
	}
	return g
}

// carryTangents prepares for derivatives. It expects the fast method.
func (g *integrator) carryTangents(count int) {
	g.tangents = newTangents(g.ions, count)
	g.method.(*scaledTime).tangents = g.tangents
}

// run follows the ions to infinity.
func (g *integrator) run() (Diagnostics, error) {
	energy := g.ions.energy()
	if !(energy > 0) || math.IsInf(energy, 0) {
		return Diagnostics{}, fmt.Errorf("initial energy is %g Hartree: want a positive number: positions or momenta are out of range", energy)
	}
	d, err := g.separate(energy)
	if err != nil {
		return d, err
	}
	if g.tangents != nil {
		g.tangents.complete(g.impulses, g.mean)
	}
	g.ions.complete(g.impulses, g.mean)
	d.EnergyError = math.Abs(KineticEnergyRelease(g.ions.masses, g.ions.momenta())-energy) / energy
	if !(d.EnergyError <= g.options.MaxEnergyError) {
		return d, fmt.Errorf("energy is off by %.2g after %d steps: want at most %g: %w", d.EnergyError, d.Steps, g.options.MaxEnergyError, ErrNotConverged)
	}
	return d, nil
}

// separate follows the ions until they are free.
func (g *integrator) separate(energy float64) (d Diagnostics, err error) {
	control := newController(g.method.order())
	step := g.method.start(energy)
	scale := errorScale{momentum: math.Sqrt(2 * slices.Min(g.ions.masses) * energy)}
	for {
		var free bool
		if free, scale.distance = g.ions.outlook(energy, g.options.RemainingEnergy); free {
			return d, nil
		}
		if d.Steps+d.Rejected >= g.options.MaxSteps {
			return d, fmt.Errorf("ions not apart after %d steps: %w", g.options.MaxSteps, ErrNotConverged)
		}
		ok, factor := control.next(g.method.try(step, scale) / g.options.Tolerance)
		step *= factor
		if !ok {
			d.Rejected++
			continue
		}
		d.Steps++
		g.method.accept()
	}
}

// errorScale is what errors are measured against: those of positions against the
// distance of ions.outlook, those of momenta against what the lightest ion would
// have with all the energy.
type errorScale struct{ distance, momentum float64 }

// norm is the largest error of any ion's position or momentum. Taken as lengths
// of vectors, errors do not depend on the axes, and neither do the steps.
func (e errorScale) norm(estimate []float64) float64 {
	n := len(estimate) / 2
	return max(largestVector(estimate[:n])/e.distance, largestVector(estimate[n:])/e.momentum)
}

func largestVector(flat []float64) float64 {
	largest := 0.0
	for i := 0; i+3 <= len(flat); i += 3 {
		v := vectorAt(flat, i)
		largest = max(largest, v.dot(v))
	}
	return math.Sqrt(largest)
}
