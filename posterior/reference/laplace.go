package reference

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Laplace returns the standard deviations [dim] that the noise leaves the coordinates
// near a geometry if its measured components change with them as straight lines do:
// the roots of the diagonal of (JᵀJ)⁻¹, J being their derivatives in units of the noise.
func (s *Sampler) Laplace(coordinates []float64) ([]float64, error) {
	const step = 1e-3 // Bohr or radians; the third derivative is felt at its square
	at, err := s.Measure(coordinates)
	if err != nil {
		return nil, err
	}
	jacobian := mat.NewDense(len(at), s.dimensions, nil)
	for k := range coordinates {
		var ends [2][]float64
		for i, sign := range []float64{1, -1} {
			x := slices.Clone(coordinates)
			x[k] += sign * step
			if ends[i], err = s.Measure(x); err != nil {
				return nil, err
			}
		}
		for i := range at {
			slope := (ends[0][i] - ends[1][i]) / (2 * step)
			jacobian.Set(i, k, slope/s.measurement.deviation(at[i], s.floor(at)))
		}
	}
	var normal, covariance mat.Dense
	normal.Mul(jacobian.T(), jacobian)
	if err := covariance.Inverse(&normal); err != nil {
		return nil, fmt.Errorf("reference: invert information at %v: %w", coordinates, err)
	}
	deviations := make([]float64, s.dimensions)
	for k := range deviations {
		deviations[k] = math.Sqrt(covariance.At(k, k))
	}
	return deviations, nil
}
