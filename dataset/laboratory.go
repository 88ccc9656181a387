package dataset

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// Laboratory turns positions that were found for the momenta of events back to
// the axes in which these momenta were measured.
type Laboratory struct {
	Columns []string // names of the restored positions [3N]
	poses   []explosion.Pose
}

// Laboratory returns the laboratory of events, of whom it looks at the momenta
// alone. These must define how positions lie, as they do in a recoil frame, and
// in a table left as it is: for other frames it is an error. Restored positions
// are in the run's order of atoms and unit of length, around the centre of mass,
// whose place in the laboratory momenta do not tell; as-is ones where the model
// puts them.
func (c Encoding) Laboratory(e *Events) (*Laboratory, error) {
	if c.Plain() {
		return nil, errors.New("dataset: restore laboratory axes: the run is of targets and conditions, which have no axes")
	}
	switch c.Frame.Kind {
	case explosion.FrameRecoil, explosion.FrameAsIs:
	default:
		return nil, fmt.Errorf("dataset: restore laboratory axes: the momenta do not tell how positions in a %q frame lie: want a %q frame", c.Frame.Kind, explosion.FrameRecoil)
	}
	e, err := c.conform(e)
	if err != nil {
		return nil, err
	}
	l := &Laboratory{Columns: c.CartesianColumns(), poses: make([]explosion.Pose, e.Len())}
	turned := make([]float64, 0, e.Momenta.Cols)
	for i := range l.poses {
		if _, l.poses[i], err = c.Frame.Momenta(turned, e.Momenta.Row(i)); err != nil {
			return nil, fmt.Errorf("dataset: restore laboratory axes of event %d of %d: %w", i+1, e.Len(), err)
		}
	}
	return l, nil
}

// Restore returns positions [n, 3N] found for one event, such as its posterior
// draws, in the laboratory's axes.
func (l *Laboratory) Restore(event int, positions Matrix) (Matrix, error) {
	if event < 0 || event >= len(l.poses) || positions.Cols != len(l.Columns) || positions.check() != nil {
		return Matrix{}, fmt.Errorf("dataset: restore laboratory axes: positions [%d, %d] of event %d: want %d columns, and one of %d events counted from 0",
			positions.Rows, positions.Cols, event, len(l.Columns), len(l.poses))
	}
	return Matrix{Rows: positions.Rows, Cols: positions.Cols, Data: l.poses[event].Restore(make([]float64, 0, len(positions.Data)), positions.Data)}, nil
}
