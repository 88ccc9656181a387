package report

import (
	"math"
	"slices"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// coordinates are the independent columns of a run's frame, angles in degrees, without those that are shown already.
type coordinates struct {
	columns  []Column
	index    []int // of the columns among the frame's
	factor   []float64
	dihedral []bool
}

func newCoordinates(c dataset.Encoding, shown []Column) *coordinates {
	x := &coordinates{}
	units := c.PositionUnits()
	for _, i := range c.Positions.Kept {
		name, unit, factor := c.PositionColumns[i], units[i], 1.0
		if slices.ContainsFunc(shown, func(s Column) bool { return s.Name == name }) {
			continue
		}
		if unit == "rad" {
			unit, factor = "°", degree
		}
		x.columns = append(x.columns, Column{Name: name, Label: labelOf(name), Unit: unitLabel(unit)})
		x.index, x.factor = append(x.index, i), append(x.factor, factor)
		x.dihedral = append(x.dihedral, c.Frame.Kind == explosion.FrameInternal && i >= c.Frame.ZMatrix.FirstDihedral())
	}
	return x
}

// labelOf writes x_C as x(C).
func labelOf(name string) string {
	if kind, of, found := strings.Cut(name, "_"); found && kind != "" && of != "" && !strings.Contains(of, "_") {
		return kind + "(" + of + ")"
	}
	return name
}

func unitLabel(name string) string {
	switch name {
	case explosion.Angstrom.Name:
		return "Å"
	case "rad":
		return "rad"
	}
	return name
}

// of returns the columns of positions [n, D] in the frame. Dihedrals are taken to within 180° of the circular mean of
// the first own rows, so that their mean and spread mean something.
func (x *coordinates) of(positions dataset.Matrix, own int) dataset.Matrix {
	out := dataset.NewMatrix(positions.Rows, len(x.columns))
	for k, index := range x.index {
		centre := 0.0
		if x.dihedral[k] {
			centre = circularMean(positions, index, own)
		}
		for i := range out.Rows {
			v := positions.Row(i)[index]
			if x.dihedral[k] {
				v -= 2 * math.Pi * math.Round((v-centre)/(2*math.Pi))
			}
			out.Row(i)[k] = x.factor[k] * v
		}
	}
	return out
}

func circularMean(positions dataset.Matrix, column, rows int) float64 {
	sines, cosines := 0.0, 0.0
	for i := range rows {
		sin, cos := math.Sincos(positions.Row(i)[column])
		sines, cosines = sines+sin, cosines+cos
	}
	return math.Atan2(sines, cosines)
}
