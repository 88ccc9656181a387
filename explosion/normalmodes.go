package explosion

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// normalModes solves the harmonic motion for a matrix of force constants
// [3N,3N] in Hartree/Bohr², softest mode first. What has no restoring force
// (translations and rotations) is left out.
func normalModes(forces *mat.SymDense, masses []float64) ([]Vibration, error) {
	n := forces.SymmetricDim()
	weighted := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			weighted.SetSym(i, j, forces.At(i, j)/math.Sqrt(masses[i/3]*masses[j/3]))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(weighted, true) {
		return nil, fmt.Errorf("normal modes: eigenvalues were not found")
	}
	squares := eigen.Values(nil)
	var shapes mat.Dense
	eigen.VectorsTo(&shapes)
	var modes []Vibration
	for k, square := range squares {
		if square < 1e-6*squares[n-1] {
			continue
		}
		v := Vibration{math.Sqrt(square) * HartreeInverseCentimeter, make([]float64, n)}
		norm := 0.0
		for i := range n {
			v.Displacement[i] = shapes.At(i, k) / math.Sqrt(masses[i/3])
			norm = math.Hypot(norm, v.Displacement[i])
		}
		for i := range n {
			v.Displacement[i] /= norm
		}
		modes = append(modes, v)
	}
	return modes, nil
}

// vibrationsWithMasses returns the modes of the same force constants for other
// masses.
func (m Molecule) vibrationsWithMasses(masses []float64) ([]Vibration, error) {
	if len(m.Vibrations) == 0 {
		return nil, nil
	}
	want := 3*len(m.Atoms) - 6
	if m.linear() {
		want++
	}
	if len(m.Vibrations) != want {
		return nil, fmt.Errorf("%d vibrations: want all %d, for the others change them", len(m.Vibrations), want)
	}
	forces := mat.NewSymDense(len(m.Equilibrium), nil)
	for _, v := range m.Vibrations {
		force := v.shape(m.Masses())
		for i := range force {
			force[i] *= math.Sqrt(m.Masses()[i/3])
		}
		forces.SymRankOne(forces, math.Pow(v.frequency(), 2), mat.NewVecDense(len(force), force))
	}
	return normalModes(forces, masses)
}

// linear reports whether all atoms lie on the line through the first two, to the
// digits with which programs print positions.
func (m Molecule) linear() bool {
	tolerance := 1e-3 * largestMagnitude(m.Equilibrium)
	first := vectorAt(m.Equilibrium, 0)
	axis := vectorAt(m.Equilibrium, 3).sub(first).unit()
	for i := 6; i < len(m.Equilibrium); i += 3 {
		if perpendicular(vectorAt(m.Equilibrium, i).sub(first), axis).norm() > tolerance {
			return false
		}
	}
	return true
}
