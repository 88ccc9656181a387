package dataset

import (
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// framePositionColumns returns the names of the positions in the run's frame.
func (c Encoding) framePositionColumns() []string {
	switch {
	case c.Plain():
		return c.PositionColumns
	case c.Frame.Kind == explosion.FrameInternal:
		return c.Frame.ZMatrix.Names(c.Atoms)
	}
	return c.CartesianColumns()
}

// CartesianColumns returns the names of Cartesian positions [3N], of which a plain
// table has none.
func (c Encoding) CartesianColumns() []string {
	positions, _ := ColumnNames(c.Atoms)
	return positions
}

// PositionUnits returns the name of the unit of each position column [D]: the
// run's unit of length, or rad for angles and dihedrals; none in a plain table.
func (c Encoding) PositionUnits() []string {
	units := make([]string, len(c.PositionColumns))
	for j := range units {
		units[j] = c.PositionUnit.Name
		if c.isAngle(j) {
			units[j] = "rad"
		}
	}
	return units
}

func (c Encoding) isAngle(column int) bool {
	return c.Frame.Kind == explosion.FrameInternal && column >= c.Frame.ZMatrix.Lengths()
}

// CartesianPositions returns the Cartesian positions [N, 3N'] of N' atoms, in the
// frame's axes and the run's unit of length, of positions [N, D] in the run's
// frame. Only an internal frame's differ from these; they are in the axes of the
// body frame.
func (c Encoding) CartesianPositions(positions Matrix) (Matrix, error) {
	if c.Frame.Kind != explosion.FrameInternal {
		return positions, nil
	}
	out := Matrix{Rows: positions.Rows, Cols: 3 * len(c.Atoms), Data: make([]float64, 0, 3*len(c.Atoms)*positions.Rows)}
	for i := range positions.Rows {
		var err error
		if out.Data, err = c.Frame.Cartesian(out.Data, positions.Row(i)); err != nil {
			return Matrix{}, fmt.Errorf("dataset: build event %d of %d: %w", i+1, positions.Rows, err)
		}
	}
	return out, nil
}
