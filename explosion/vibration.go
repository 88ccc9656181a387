package explosion

import (
	"fmt"
	"math"
)

// Vibration is a normal mode of a molecule.
type Vibration struct {
	WavenumberPerCM float64 `json:"wavenumber_per_cm"` // harmonic, ω/2πc

	// Displacement [3N] is the direction in which the atoms move, as Cartesian
	// vectors of any common length. Quantum chemistry programs print them so;
	// mass-weighted vectors are to be divided by the square roots of the masses.
	Displacement []float64 `json:"displacement"`
}

// frequency is the angular frequency in atomic units.
func (v Vibration) frequency() float64 { return v.WavenumberPerCM / HartreeInverseCentimeter }

// shape returns the mode as a unit vector [3N] of mass-weighted coordinates
// √m·x.
func (v Vibration) shape(masses []float64) []float64 {
	shape := make([]float64, len(v.Displacement))
	square := 0.0
	for i, x := range v.Displacement {
		shape[i] = x * math.Sqrt(masses[i/3])
		square += shape[i] * shape[i]
	}
	for i := range shape {
		shape[i] /= math.Sqrt(square)
	}
	return shape
}

// wignerSpread returns the standard deviations of a harmonic oscillator's normal
// coordinate and of its momentum, in mass-weighted atomic units, at a
// temperature: those of the Wigner function, which is a Gaussian in both.
// M. Hillery, R. F. O'Connell, M. O. Scully and E. P. Wigner, Phys. Rep. 106, 121
// (1984).
func wignerSpread(frequency, kelvin float64) (coordinate, momentum float64) {
	excitation := 1.0
	if kelvin > 0 {
		excitation = 1 / math.Tanh(frequency/(2*BoltzmannHartreePerKelvin*kelvin))
	}
	return math.Sqrt(excitation / (2 * frequency)), math.Sqrt(excitation * frequency / 2)
}

// maxOverlap is how far modes may be from orthogonal, and from moving the centre
// of mass: printed vectors have two or three digits.
const maxOverlap = 0.05

// checkVibrations expects masses and positions that have been checked.
func (m Molecule) checkVibrations() error {
	masses := m.Masses()
	var shapes [][]float64
	for k, v := range m.Vibrations {
		if !(v.WavenumberPerCM > 0) || math.IsInf(v.WavenumberPerCM, 0) {
			return fmt.Errorf("vibration %d: wavenumber %g/cm: want a positive number", k+1, v.WavenumberPerCM)
		}
		if err := m.checkCoordinates("displacement", v.Displacement); err != nil {
			return fmt.Errorf("vibration %d: %w", k+1, err)
		}
		shape := v.shape(masses)
		if firstNonFinite(shape) >= 0 {
			return fmt.Errorf("vibration %d: displacement is zero or out of range", k+1)
		}
		if moved := translation(shape, masses); moved > maxOverlap {
			return fmt.Errorf("vibration %d moves the centre of mass: want Cartesian displacements, in the order of the atoms", k+1)
		}
		for j, other := range shapes {
			if overlap := math.Abs(innerProduct(shape, other)); overlap > maxOverlap {
				return fmt.Errorf("vibrations %d and %d are not orthogonal (%.2g): want Cartesian displacements, in the order of the atoms", j+1, k+1, overlap)
			}
		}
		shapes = append(shapes, shape)
	}
	return nil
}

// translation is how much of a mass-weighted unit vector is a motion of the
// centre of mass.
func translation(shape, masses []float64) float64 {
	var sum vector
	total := 0.0
	for i, mass := range masses {
		total += mass
		sum = sum.add(vectorAt(shape, 3*i).scale(math.Sqrt(mass)))
	}
	return sum.norm() / math.Sqrt(total)
}

func innerProduct(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// Spread returns the standard deviation of the mode's mass-weighted normal
// coordinate √m·x at a temperature, in Bohr times the root of electron masses, as
// GeometryVibrational draws it.
func (v Vibration) Spread(kelvin float64) float64 {
	spread, _ := wignerSpread(v.frequency(), kelvin)
	return spread
}
