package explosion

import "fmt"

// Options says how exactly an explosion is followed. Zero fields take the
// defaults.
type Options struct {
	// Tolerance bounds the estimated error of each step: of positions relative to
	// the smallest distance between two ions, of momenta relative to what the
	// lightest ion would have with all the energy. Default 1e-8.
	Tolerance float64 `json:"tolerance"`

	// RemainingEnergy is the fraction of the initial energy, and for each pair the
	// fraction of the energy of its relative motion, below which potential energy
	// must fall before the rest is completed in closed form. For two ions the
	// completion's relative error is an eighth of its square. Default 1e-4.
	RemainingEnergy float64 `json:"remaining_energy"`

	// MaxEnergyError is the largest relative error of the final energy that is
	// accepted. Default 1e-6.
	MaxEnergyError float64 `json:"max_energy_error"`

	// MaxSteps bounds the steps tried. Default 100000.
	MaxSteps int `json:"max_steps"`
}

// Complete returns the options with every default written out, or an error that
// names the option out of range.
func (o Options) Complete() (Options, error) {
	fractions := []struct {
		name  string
		value *float64
		usual float64
	}{
		{"tolerance", &o.Tolerance, 1e-8},
		{"remaining energy", &o.RemainingEnergy, 1e-4},
		{"energy error", &o.MaxEnergyError, 1e-6},
	}
	for _, f := range fractions {
		if *f.value == 0 {
			*f.value = f.usual
		}
		if !(*f.value > 0 && *f.value < 1) {
			return Options{}, fmt.Errorf("explosion: check options: %s %g: want a number between 0 and 1", f.name, *f.value)
		}
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = 100_000
	}
	if o.MaxSteps < 0 {
		return Options{}, fmt.Errorf("explosion: check options: step limit %d: want a positive number", o.MaxSteps)
	}
	return o, nil
}
