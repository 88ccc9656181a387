package dataset

import (
	"fmt"
	"math"
	"slices"

	"github.com/gocei/gocei/internal/excerpt"
)

// BoundedColumn is a column x that lies between Low and High. A scaler takes it to
// the whole line, u = log((x − Low)/(High − x)), before the affine map.
type BoundedColumn struct {
	Column int     `json:"column"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Mean   float64 `json:"mean"` // of x over the training part
	SD     float64 `json:"sd"`
}

// unbound returns u of x: both logarithms are exact near their end.
func (b BoundedColumn) unbound(x float64) float64 { return math.Log(x-b.Low) - math.Log(b.High-x) }

// bound returns x of u, which rounding does not take to an end.
func (b BoundedColumn) bound(u float64) float64 {
	width := b.High - b.Low
	x := b.High - width*logistic(-u)
	if u < 0 {
		x = b.Low + width*logistic(u)
	}
	return min(max(x, math.Nextafter(b.Low, b.High)), math.Nextafter(b.High, b.Low))
}

// logSlope returns log du/dx at u, and its derivative by u.
func (b BoundedColumn) logSlope(u float64) (value, slope float64) {
	value = math.Abs(u) + 2*math.Log1p(math.Exp(-math.Abs(u))) - math.Log(b.High-b.Low)
	return value, logistic(u) - logistic(-u)
}

func logistic(u float64) float64 { return 1 / (1 + math.Exp(-u)) }

func (b BoundedColumn) check(columns int) error {
	if b.Column < 0 || b.Column >= columns {
		return fmt.Errorf("bounded column %d: want 0 to %d", b.Column, columns-1)
	}
	return Bound{fmt.Sprint(b.Column), b.Low, b.High}.check()
}

// checkInside wants bounded columns of data [N, D] to be between their ends.
func checkInside(bounded []BoundedColumn, columns []string, data Matrix) error {
	for i := range data.Rows {
		for _, b := range bounded {
			if x := data.Row(i)[b.Column]; !(x > b.Low && x < b.High) {
				return fmt.Errorf("row %d, column %s is %g: want a number above %g and below %g, its bounds", i+1, excerpt.Of(columns[b.Column]), x, b.Low, b.High)
			}
		}
	}
	return nil
}

// unbound returns data [N, D] with its bounded columns on the whole line.
func (s Scaler) unbound(data Matrix) (Matrix, error) {
	if len(s.Bounded) == 0 {
		return data, nil
	}
	if err := checkInside(s.Bounded, s.Columns, data); err != nil {
		return Matrix{}, fmt.Errorf("dataset: scale columns: %w", err)
	}
	data.Data = slices.Clone(data.Data)
	for i := range data.Rows {
		for _, b := range s.Bounded {
			data.Row(i)[b.Column] = b.unbound(data.Row(i)[b.Column])
		}
	}
	return data, nil
}

// LogJacobian returns log |det ∂z/∂x| at each row of model coordinates z [N, d],
// where x are the kept columns: what turns a log-density of z into one of x. It is
// LogAbsDet where no column is bounded.
func (s Scaler) LogJacobian(model Matrix) ([]float64, error) {
	if err := s.checkInput(model, s.Dim()); err != nil {
		return nil, fmt.Errorf("dataset: find Jacobian: %w", err)
	}
	logs := make([]float64, model.Rows)
	for i := range logs {
		logs[i] = s.LogAbsDet
		s.eachBounded(func(k int, b BoundedColumn) {
			value, _ := b.logSlope(dot(s.Inverse.Row(k), model.Row(i)) + s.Mean[k])
			logs[i] += value
		})
	}
	return logs, nil
}

// LogJacobianGradient returns the gradient [N, d] of LogJacobian by the model
// coordinates.
func (s Scaler) LogJacobianGradient(model Matrix) (Matrix, error) {
	if err := s.checkInput(model, s.Dim()); err != nil {
		return Matrix{}, fmt.Errorf("dataset: find Jacobian: %w", err)
	}
	out := NewMatrix(model.Rows, model.Cols)
	for i := range model.Rows {
		s.eachBounded(func(k int, b BoundedColumn) {
			_, slope := b.logSlope(dot(s.Inverse.Row(k), model.Row(i)) + s.Mean[k])
			for j, v := range s.Inverse.Row(k) {
				out.Row(i)[j] += slope * v
			}
		})
	}
	return out, nil
}

// eachBounded calls do for the bounded columns among those kept, the k-th of which
// each is.
func (s Scaler) eachBounded(do func(k int, b BoundedColumn)) {
	for _, b := range s.Bounded {
		if k := slices.Index(s.Kept, b.Column); k >= 0 {
			do(k, b)
		}
	}
}

// Moments returns mean and standard deviation of the kept columns [d] over the
// training part, in the columns' own units.
func (s Scaler) Moments() (mean, sd []float64) {
	mean, sd = slices.Clone(s.Mean), make([]float64, s.Dim())
	for k := range sd { // model coordinates have the variance 1, whatever the kind
		sd[k] = math.Sqrt(dot(s.Inverse.Row(k), s.Inverse.Row(k)))
	}
	s.eachBounded(func(k int, b BoundedColumn) { mean[k], sd[k] = b.Mean, b.SD })
	return mean, sd
}
