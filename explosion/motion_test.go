package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestThermalMotion(t *testing.T) {
	const kelvin = 1000
	for _, name := range []string{"CO", "OCS", "CH3I"} {
		m := builtIn(t, name)
		charges := make([]float64, len(m.Atoms))
		charges[0], charges[1] = 1, 1
		_, momenta := draws(t, Recipe{
			Molecule: m, Channels: []Channel{{Charges: charges}}, Events: 20000,
			Geometry: Geometry{Kind: GeometryEquilibrium}, Motion: Motion{Kind: MotionThermal, Kelvin: kelvin},
		})
		n, masses, kT := float64(len(m.Atoms)), m.Masses(), 3.166811563e-6*kelvin
		mass := 0.0
		for _, x := range masses {
			mass += x
		}
		energy := column(momenta, func(p []float64) float64 { return KineticEnergyRelease(masses, p) })
		assertMoments(t, energy, 1.5*kT*(n-1), 1.5*kT*kT*(n-1), "energy of "+name)
		for k := range momenta[0] {
			// Taking off the common motion leaves each atom less than all of its own.
			p := column(momenta, func(p []float64) float64 { return p[k] })
			assertMoments(t, p, 0, masses[k/3]*kT*(1-masses[k/3]/mass), "momentum in "+name)
		}
		for _, p := range momenta {
			assert.InDelta(t, 0, total(p).norm(), 1e-10)
		}
	}
}

// On the shell of one energy, each of the 3(N−1) degrees of freedom has the mean
// E/3(N−1): an atom has its share 1 − m/M of the thermal one's.
func TestFixedKineticEnergy(t *testing.T) {
	m := builtIn(t, "OCS")
	masses := m.Masses()
	mass := masses[0] + masses[1] + masses[2]
	_, momenta := draws(t, Recipe{Events: 20000, Motion: Motion{Kind: MotionFixedKineticEnergy, ElectronVolt: 2.5}})
	const energy = 2.5 / 27.211386245988
	for _, p := range momenta {
		assert.InEpsilon(t, energy, KineticEnergyRelease(masses, p), 1e-14)
		assert.InDelta(t, 0, total(p).norm(), 1e-10)
	}
	for k := range 9 {
		p := column(momenta, func(p []float64) float64 { return p[k] })
		variance := 2 * masses[k/3] * energy / 6 * (1 - masses[k/3]/mass)
		m := momentsOf(p)
		assert.InDelta(t, 0, m.mean, 4.5*m.meanError)
		assert.InDelta(t, variance, m.variance, 4.5*m.varianceError)
	}
	_, none := draws(t, Recipe{Events: 1, Motion: Motion{Kind: MotionFixedKineticEnergy}})
	assert.Equal(t, make([]float64, 9), none[0])
}

// The kinetic energy of zero-point motion is half of the zero-point energy.
func TestVibrationalMotionEnergy(t *testing.T) {
	m := builtIn(t, "OCS")
	_, momenta := draws(t, Recipe{Events: 20000, Geometry: Geometry{Kind: GeometryVibrational}, Motion: Motion{Kind: MotionVibrational}})
	half, variance := 0.0, 0.0
	for _, v := range m.Vibrations {
		half += v.frequency() / 4
		variance += math.Pow(v.frequency(), 2) / 8
	}
	energy := column(momenta, func(p []float64) float64 { return KineticEnergyRelease(m.Masses(), p) })
	assertMoments(t, energy, half, variance, "kinetic energy")
	for _, p := range momenta {
		assert.InDelta(t, 0, total(p).norm(), 1e-9)
	}
}
