package retrieval

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// LogJacobian returns log |det ∂(columns)/∂(internal coordinates)| at positions [3N] in
// Bohr: what to add to the logarithm of a density over a run's independent position
// columns, so that it is over the internal coordinates in Bohr and radians. The run's
// frame is a body or an internal one. Positions that are not in the frame, as a model
// may draw them, are an error.
func (v *Retriever) LogJacobian(c dataset.Encoding, positions []float64) (float64, error) {
	const step = 1e-5
	if err := v.CheckColumns(c); err != nil {
		return 0, err
	}
	coordinates, err := v.shape.coordinates(nil, positions)
	if err != nil {
		return 0, fmt.Errorf("retrieval: change coordinates: %w", err)
	}
	if back, err := v.rebuilt(c, coordinates); err != nil || largestDifference(back, positions) > 1e-6 {
		return 0, fmt.Errorf("retrieval: change coordinates: %w", errGeometry)
	}
	jacobian, x := mat.NewDense(v.shape.dim, v.shape.dim, nil), slices.Clone(coordinates)
	for k := range coordinates {
		var ends [2][]float64
		for i, sign := range []float64{1, -1} {
			x[k] = coordinates[k] + sign*step
			if ends[i], err = v.columns(c, x); err != nil {
				return 0, fmt.Errorf("retrieval: change coordinates: %w", err)
			}
		}
		x[k] = coordinates[k]
		for i := range ends[0] {
			jacobian.Set(i, k, (ends[0][i]-ends[1][i])/(2*step))
		}
	}
	log, _ := mat.LogDet(jacobian)
	return log, nil
}

// CheckColumns says why densities over a run's independent position columns are none over internal coordinates.
func (v *Retriever) CheckColumns(c dataset.Encoding) error {
	if c.Frame.Kind != explosion.FrameBody && c.Frame.Kind != explosion.FrameInternal || c.Positions.Dim() != v.shape.dim {
		return fmt.Errorf("retrieval: %d independent columns in a frame %q: want %d in a %q or %q one, which are functions of the shape",
			c.Positions.Dim(), c.Frame.Kind, v.shape.dim, explosion.FrameBody, explosion.FrameInternal)
	}
	return nil
}

// columns returns the run's independent position columns of internal coordinates.
func (v *Retriever) columns(c dataset.Encoding, coordinates []float64) ([]float64, error) {
	positions, err := v.shape.frame.Cartesian(nil, coordinates)
	if err != nil {
		return nil, err
	}
	for i := range positions {
		positions[i] /= c.PositionUnit.Bohr
	}
	all, _, err := c.Frame.Positions(nil, positions, nil)
	return pick(nil, all, c.Positions.Kept), err
}

// rebuilt returns the Cartesian positions [3N] in Bohr of internal coordinates, in the
// axes of the run's frame.
func (v *Retriever) rebuilt(c dataset.Encoding, coordinates []float64) ([]float64, error) {
	positions, err := v.shape.frame.Cartesian(nil, coordinates)
	if err != nil {
		return nil, err
	}
	body := c.Frame
	body.Kind = explosion.FrameBody
	positions, _, err = body.Positions(nil, positions, nil)
	return positions, err
}

func largestDifference(a, b []float64) (largest float64) {
	for i, x := range a {
		largest = math.Max(largest, math.Abs(x-b[i]))
	}
	return largest
}
