package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

// internals are the bond lengths in Å and the bond angles in degrees of a run's molecule.
type internals struct {
	columns []Column
	bonds   [][2]int
	all     *posterior.Quantities
	index   []int // of the columns among all quantities
	factor  []float64
}

const degree = 180 / math.Pi

func newInternals(c dataset.Encoding, bonds [][2]int) *internals {
	n := &internals{bonds: bonds, all: posterior.NewQuantities(c, false)}
	add := func(name, label, unit string, factor float64) {
		if i := slices.Index(n.all.Columns, name); i >= 0 {
			n.columns = append(n.columns, Column{Name: name, Label: label, Unit: unit})
			n.index, n.factor = append(n.index, i), append(n.factor, factor)
		}
	}
	for _, b := range bonds {
		i, j := c.Atoms[b[0]], c.Atoms[b[1]]
		add("r_"+i+j, fmt.Sprintf("r(%s–%s)", i, j), "Å", angstroms(c.PositionUnit))
	}
	for i := range c.Atoms {
		for j := i + 1; j < len(c.Atoms); j++ {
			for k := range c.Atoms {
				if bonded(bonds, i, k) && bonded(bonds, k, j) {
					add("angle_"+c.Atoms[i]+c.Atoms[k]+c.Atoms[j], fmt.Sprintf("θ(%s–%s–%s)", c.Atoms[i], c.Atoms[k], c.Atoms[j]), "°", degree)
				}
			}
		}
	}
	return n
}

func bonded(bonds [][2]int, i, j int) bool {
	return slices.Contains(bonds, [2]int{min(i, j), max(i, j)})
}

// angstroms returns what a length in that unit is multiplied by to be one in Å.
func angstroms(u explosion.LengthUnit) float64 { return u.OrBohr().Bohr * explosion.BohrRadiusAngstrom }

// of returns the columns [n, len(columns)] of Cartesian positions [n, 3N] in the run's unit.
func (n *internals) of(cartesian dataset.Matrix) dataset.Matrix {
	all := n.all.Of(cartesian, nil)
	out := dataset.NewMatrix(all.Rows, len(n.columns))
	for i := range out.Rows {
		for k, index := range n.index {
			out.Row(i)[k] = n.factor[k] * all.Row(i)[index]
		}
	}
	return out
}

// fewest returns up to most columns' indices, with as many lengths as angles where both have to give way.
func (n *internals) fewest(most int) (chosen []int) {
	lengths := len(n.bonds)
	angles := len(n.columns) - lengths
	takenAngles := min(angles, max(most/2, most-lengths))
	for i := range min(lengths, most-takenAngles) {
		chosen = append(chosen, i)
	}
	for i := range takenAngles {
		chosen = append(chosen, lengths+i)
	}
	return chosen
}
