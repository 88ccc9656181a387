package explosion

import (
	"fmt"
	"math"
)

// Method names a way of integrating the equations of motion.
type Method string

const (
	// MethodFast is of order 8, in a time scaled with the distances of the ions.
	MethodFast Method = "fast"

	// MethodReference is of order 5, in plain time, and slower. It shares no step
	// with MethodFast and is there to hold it against.
	MethodReference Method = "reference"
)

// Options says how exactly an explosion is followed. Zero fields take the
// defaults, which serve unless momenta are wanted to more than six digits.
type Options struct {
	// Method is MethodFast unless told otherwise.
	Method Method `json:"method"`

	// Tolerance bounds the estimated error of each step: of positions relative to
	// the smallest distance between two ions, of momenta relative to what the
	// lightest ion would have with all the energy. Final momenta of molecules that
	// start at rest are as exact; where ions meet on the way, shot at each other or
	// tossed to and fro in a straight chain, an error of the way in is some ten times
	// larger after they have met. Default 1e-6.
	Tolerance float64 `json:"tolerance"`

	// RemainingEnergy is the fraction of the initial energy, and for each pair the
	// fraction of the energy of its relative motion, below which potential energy
	// must fall before the rest is completed in closed form; further where a pair does
	// not fly straight apart. The completion's relative error is some hundredths of its
	// cube. Default: the cube root of Tolerance.
	RemainingEnergy float64 `json:"remaining_energy"`

	// MaxEnergyError is the largest relative error of the final energy that is
	// accepted. Default: a hundred times Tolerance, and 0.1 at most.
	MaxEnergyError float64 `json:"max_energy_error"`

	// MaxSteps bounds the steps tried. Default 100000.
	MaxSteps int `json:"max_steps"`
}

// Complete returns the options with every default written out, or an error that
// names the option out of range.
func (o Options) Complete() (Options, error) {
	if o.Method == "" {
		o.Method = MethodFast
	}
	if o.Method != MethodFast && o.Method != MethodReference {
		return Options{}, fmt.Errorf("explosion: check options: method %q: want %q or %q", o.Method, MethodFast, MethodReference)
	}
	if err := o.completeFractions(); err != nil {
		return Options{}, err
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = 100_000
	}
	if o.MaxSteps < 0 {
		return Options{}, fmt.Errorf("explosion: check options: step limit %d: want a positive number", o.MaxSteps)
	}
	return o, nil
}

func (o *Options) completeFractions() error {
	for _, f := range []struct {
		name  string
		value *float64
		usual func() float64
	}{
		{"tolerance", &o.Tolerance, func() float64 { return 1e-6 }},
		{"remaining energy", &o.RemainingEnergy, func() float64 { return math.Cbrt(o.Tolerance) }},
		{"energy error", &o.MaxEnergyError, func() float64 { return min(100*o.Tolerance, 0.1) }},
	} {
		if *f.value == 0 {
			*f.value = f.usual()
		}
		if !(*f.value > 0 && *f.value < 1) {
			return fmt.Errorf("explosion: check options: %s %g: want a number between 0 and 1", f.name, *f.value)
		}
	}
	return nil
}
