package dataset

import (
	"math"

	"github.com/gocei/gocei/explosion"
)

// fitPositions fits the scaler of the training part's positions. FitScaler judges
// columns by the spread of their whole group: internal coordinates are put to it
// with lengths in Bohr, which makes them of a size with radians.
func (c Encoding) fitPositions(train Matrix, o Options) (Scaler, error) {
	if c.Plain() {
		return c.fitBounded(train, o)
	}
	if c.Frame.Kind != explosion.FrameInternal || c.PositionUnit == explosion.Bohr {
		return FitScaler(c.PositionColumns, train, o.Scaler, o.Tolerance)
	}
	factors := make([]float64, train.Cols)
	for j := range factors {
		factors[j] = c.PositionUnit.Bohr
		if c.isAngle(j) {
			factors[j] = 1
		}
	}
	for i := range train.Rows { // train is the fit's own copy
		for j := range factors {
			train.Row(i)[j] *= factors[j]
		}
	}
	s, err := FitScaler(c.PositionColumns, train, o.Scaler, o.Tolerance)
	if err != nil {
		return Scaler{}, err
	}
	s.divideColumns(factors)
	return s, nil
}

// divideColumns turns a scaler for columns multiplied by the factors [D] into one
// for the columns themselves.
func (s *Scaler) divideColumns(factors []float64) {
	for k, j := range s.Kept {
		s.Mean[k] /= factors[j]
		s.LogAbsDet += math.Log(factors[j])
		for i := range s.Forward.Rows {
			s.Forward.Row(i)[k] *= factors[j]
			s.Inverse.Row(k)[i] /= factors[j]
		}
		for i, c := range s.Dependent {
			s.Dependent[i].Coefficients[k] *= factors[j] / factors[c.Column]
		}
	}
	for i, c := range s.Constant {
		s.Constant[i].Value /= factors[c.Column]
	}
	for i, c := range s.Dependent {
		s.Dependent[i].Offset /= factors[c.Column]
		s.Dependent[i].Residual /= factors[c.Column]
	}
}
