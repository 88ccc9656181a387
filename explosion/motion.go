package explosion

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// MotionKind names a distribution of initial momenta.
type MotionKind string

const (
	// MotionRest has all atoms at rest.
	MotionRest MotionKind = "rest"
	// MotionThermal draws the momentum of every atom from the Maxwell-Boltzmann
	// distribution at the temperature Kelvin and takes off the motion of the centre
	// of mass: the mean energy is 3/2 kT (N−1).
	MotionThermal MotionKind = "thermal"
	// MotionFixedKineticEnergy draws a direction in the space of all mass-weighted
	// momenta without motion of the centre of mass, each equally likely, and gives
	// it the kinetic energy ElectronVolt.
	MotionFixedKineticEnergy MotionKind = "fixed_kinetic_energy"
	// MotionVibrational draws the momenta of the normal modes as
	// GeometryVibrational draws their coordinates, at the same temperature: both
	// together are the Wigner distribution.
	MotionVibrational MotionKind = "vibrational"
)

// Motion says how the atoms move when the molecule explodes. The zero value
// stands for at rest. Fields that the kind does not use are zero.
type Motion struct {
	Kind         MotionKind `json:"kind"`
	Kelvin       float64    `json:"kelvin,omitempty"`        // thermal: ≥ 0
	ElectronVolt float64    `json:"electron_volt,omitempty"` // fixed_kinetic_energy: ≥ 0
}

func (p Motion) complete(g Geometry) (Motion, error) {
	if p == (Motion{}) {
		return Motion{Kind: MotionRest}, nil
	}
	used, known := map[MotionKind]string{
		MotionRest: "", MotionThermal: "kelvin", MotionFixedKineticEnergy: "electron_volt", MotionVibrational: "",
	}[p.Kind]
	if !known {
		return p, fmt.Errorf("kind %q: want rest, thermal, fixed_kinetic_energy or vibrational", p.Kind)
	}
	if p.Kind == MotionVibrational && g.Kind != GeometryVibrational {
		return p, fmt.Errorf("kind vibrational: the geometry is %s: want it vibrational too", g.Kind)
	}
	return p, checkFields(string(p.Kind), used, []field{{"kelvin", p.Kelvin, 0}, {"electron_volt", p.ElectronVolt, 0}})
}

// motionSampler writes the momenta [3N] of an event in atomic units.
type motionSampler func(random *rand.Rand, momenta []float64)

// sampler returns nil for atoms at rest.
func (p Motion) sampler(m Molecule, kelvin float64) motionSampler {
	switch p.Kind {
	case MotionThermal:
		return thermal(m, p.Kelvin)
	case MotionFixedKineticEnergy:
		return fixedKineticEnergy(m, p.ElectronVolt/HartreeElectronVolt)
	case MotionVibrational:
		return vibrationalMotion(m, kelvin)
	}
	return nil
}

func thermal(m Molecule, kelvin float64) motionSampler {
	masses := m.Masses()
	total := 0.0
	spread := make([]float64, len(masses))
	for i, mass := range masses {
		total += mass
		spread[i] = math.Sqrt(mass * BoltzmannHartreePerKelvin * kelvin)
	}
	return func(random *rand.Rand, momenta []float64) {
		var sum vector
		for i := range masses {
			p := vector{random.NormFloat64(), random.NormFloat64(), random.NormFloat64()}.scale(spread[i])
			p.put(momenta, 3*i)
			sum = sum.add(p)
		}
		for i, mass := range masses {
			vectorAt(momenta, 3*i).sub(sum.scale(mass/total)).put(momenta, 3*i)
		}
	}
}

// fixedKineticEnergy scales thermal momenta, whose mass-weighted directions are
// all equally likely. Any temperature will do; this one has the mean energy near
// the one wanted.
func fixedKineticEnergy(m Molecule, hartree float64) motionSampler {
	masses := m.Masses()
	draw := thermal(m, hartree/BoltzmannHartreePerKelvin)
	return func(random *rand.Rand, momenta []float64) {
		draw(random, momenta)
		energy := KineticEnergyRelease(masses, momenta)
		if energy == 0 {
			return
		}
		factor := math.Sqrt(hartree / energy)
		for i := range momenta {
			momenta[i] *= factor
		}
	}
}

func vibrationalMotion(m Molecule, kelvin float64) motionSampler {
	masses := m.Masses()
	var modes [][]float64
	for _, v := range m.Vibrations {
		_, spread := wignerSpread(v.frequency(), kelvin)
		mode := v.shape(masses)
		for i := range mode {
			mode[i] *= spread * math.Sqrt(masses[i/3])
		}
		modes = append(modes, mode)
	}
	return func(random *rand.Rand, momenta []float64) {
		clear(momenta)
		for _, mode := range modes {
			amplitude := random.NormFloat64()
			for i, p := range mode {
				momenta[i] += amplitude * p
			}
		}
	}
}
