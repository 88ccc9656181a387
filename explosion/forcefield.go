package explosion

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// forceConstant is one harmonic force constant of a molecule: the second derivative of
// its energy with respect to two internal coordinates. A coordinate is given by
// its atoms, counted from 0: two for the length of a bond, three for the angle at
// the second. Units follow from attojoule, Angstrom and radian: a bond's is
// aJ/Å² = mdyn/Å.
type forceConstant struct {
	value  float64
	first  []int
	second []int
}

// bondForce and angleForce are the force constants of one coordinate.
func bondForce(constant float64, i, j int) forceConstant {
	return forceConstant{constant, []int{i, j}, []int{i, j}}
}

func angleForce(constant float64, i, j, k int) forceConstant {
	return forceConstant{constant, []int{i, j, k}, []int{i, j, k}}
}

// forceMatrix returns the second derivatives [3N,3N] of the energy with respect
// to Cartesian positions, in Hartree/Bohr², at the minimum, where only first
// derivatives of the internal coordinates count. E. B. Wilson, J. C. Decius and
// P. C. Cross, Molecular Vibrations (1955), chapter 4.
func forceMatrix(equilibrium []float64, forces []forceConstant) *mat.SymDense {
	n := len(equilibrium)
	const hartreePerAttojoule = 1e-18 / HartreeJoule
	matrix := mat.NewSymDense(n, nil)
	for _, f := range forces {
		first, second := gradients(equilibrium, f.first), gradients(equilibrium, f.second)
		for k := range first {
			a, b := first[k], second[k]
			for i := range n {
				for j := i; j < n; j++ {
					value := f.value * a[i] * b[j]
					if !sameAtoms(f.first, f.second) {
						value += f.value * b[i] * a[j]
					}
					matrix.SetSym(i, j, matrix.At(i, j)+value*hartreePerAttojoule)
				}
			}
		}
	}
	return matrix
}

func sameAtoms(a, b []int) bool {
	for i := range a {
		if len(a) != len(b) || a[i] != b[i] {
			return false
		}
	}
	return true
}

// gradients returns the derivatives [3N] of a bond length in Angstrom, or of an
// angle in radian, with respect to positions in Bohr. A straight angle has two,
// one for bending in each of two perpendicular planes.
func gradients(positions []float64, atoms []int) [][]float64 {
	at := func(i int) vector { return vectorAt(positions, 3*atoms[i]) }
	if len(atoms) == 2 {
		along := at(1).sub(at(0)).unit().scale(BohrRadiusAngstrom)
		return [][]float64{scattered(len(positions), atoms, along.scale(-1), along)}
	}
	a, b := at(0).sub(at(1)), at(2).sub(at(1))
	u, v := a.unit(), b.unit()
	if sine := u.cross(v).norm(); sine > 1e-6 {
		first := perpendicular(v, u).unit().scale(-1 / a.norm())
		second := perpendicular(u, v).unit().scale(-1 / b.norm())
		return [][]float64{scattered(len(positions), atoms, first, first.add(second).scale(-1), second)}
	}
	var both [][]float64
	side := anyPerpendicular(u)
	for _, across := range []vector{side, u.cross(side)} {
		first, second := across.scale(1/a.norm()), across.scale(1/b.norm())
		both = append(both, scattered(len(positions), atoms, first, first.add(second).scale(-1), second))
	}
	return both
}

// scattered puts one vector at each of the atoms, and zero elsewhere.
func scattered(size int, atoms []int, vectors ...vector) []float64 {
	flat := make([]float64, size)
	for k, v := range vectors {
		v.put(flat, 3*atoms[k])
	}
	return flat
}

// stretching returns the force constant in aJ/Å² of two masses in dalton that
// vibrate at a wavenumber.
func stretching(wavenumberPerCM, massA, massB float64) float64 {
	frequency := wavenumberPerCM / HartreeInverseCentimeter
	reduced := massA * massB / (massA + massB) * DaltonElectronMass
	return reduced * math.Pow(frequency, 2) * HartreeJoule * 1e18 / math.Pow(BohrRadiusAngstrom, 2)
}
