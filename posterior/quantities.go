package posterior

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// Quantities are what chemists ask of a geometry: the distance of every two atoms, r_CO, the angle of every three,
// angle_OCS with its vertex in the middle, and the kinetic energy release, ker_ev. No bonds are assumed.
type Quantities struct {
	Columns []string
	Units   []string // the run's unit of length, rad, eV

	length explosion.LengthUnit
	pairs  [][2]int
	angles [][3]int // the vertex in the middle
	energy bool
}

// NewQuantities returns the quantities of a run's molecule. With energies, there is the kinetic energy release.
func NewQuantities(c dataset.Encoding, energies bool) *Quantities {
	q := &Quantities{length: c.PositionUnit, energy: energies}
	name := func(unit, kind string, atoms ...int) {
		for _, atom := range atoms {
			kind += c.Atoms[atom]
		}
		q.Columns, q.Units = append(q.Columns, kind), append(q.Units, unit)
	}
	for i := range c.Atoms {
		for j := i + 1; j < len(c.Atoms); j++ {
			q.pairs = append(q.pairs, [2]int{i, j})
			name(c.PositionUnit.Name, "r_", i, j)
		}
	}
	for _, ends := range q.pairs {
		for vertex := range c.Atoms {
			if !slices.Contains(ends[:], vertex) {
				q.angles = append(q.angles, [3]int{ends[0], vertex, ends[1]})
				name("rad", "angle_", ends[0], vertex, ends[1])
			}
		}
	}
	if energies {
		name("eV", "ker_ev")
	}
	return q
}

// Of returns the quantities [n, len(Columns)] of Cartesian positions [n, 3N] in the run's order of atoms and unit. The
// kinetic energy release is the Coulomb energy of ions at rest with the charges [N], which only it looks at.
func (q *Quantities) Of(positions dataset.Matrix, charges []float64) dataset.Matrix {
	out := dataset.NewMatrix(positions.Rows, len(q.Columns))
	for i := range out.Rows {
		x, row := positions.Row(i), out.Row(i)
		energy := 0.0
		for k, pair := range q.pairs {
			row[k] = floats.Distance(at(x, pair[0]), at(x, pair[1]), 2)
			if q.energy {
				energy += charges[pair[0]] * charges[pair[1]] / (row[k] * q.length.Bohr)
			}
		}
		for k, atoms := range q.angles {
			row[len(q.pairs)+k] = angleAt(at(x, atoms[0]), at(x, atoms[1]), at(x, atoms[2]))
		}
		if q.energy {
			row[len(row)-1] = energy * explosion.HartreeElectronVolt
		}
	}
	return out
}

func at(positions []float64, atom int) []float64 { return positions[3*atom : 3*atom+3] }

// angleAt returns the angle in [0, π] at the vertex, to full accuracy near both ends, by the half-angle of unit vectors.
func angleAt(a, vertex, b []float64) float64 {
	var u, v [3]float64
	floats.SubTo(u[:], a, vertex)
	floats.SubTo(v[:], b, vertex)
	floats.Scale(1/floats.Norm(u[:], 2), u[:])
	floats.Scale(1/floats.Norm(v[:], 2), v[:])
	var sum [3]float64
	floats.AddTo(sum[:], u[:], v[:])
	return 2 * math.Atan2(floats.Distance(u[:], v[:], 2), floats.Norm(sum[:], 2))
}
