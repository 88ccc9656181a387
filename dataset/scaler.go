package dataset

import (
	"encoding/json"
	"fmt"

	"github.com/gocei/gocei/internal/nonfinite"
)

// ScalerKind says what model coordinates look like over the training part.
type ScalerKind string

const (
	// ScalerStandard takes every kept column to mean 0 and standard deviation 1.
	ScalerStandard ScalerKind = "standard"
	// ScalerWhiten takes the kept columns to mean 0 and covariance 1. Of all maps
	// that do, it is ZCA-cor, P^(-1/2)·V^(-1/2) with correlations P and variances
	// V: each model coordinate stays as correlated as can be with its own column,
	// whatever the columns' scales, and where columns are uncorrelated it is
	// ScalerStandard (A. Kessy, A. Lewin and K. Strimmer, Am. Stat. 72, 309 (2018)).
	ScalerWhiten ScalerKind = "whiten"
)

// Scaler is an affine map between a group of columns [D] and model coordinates
// [d], d ≤ D, after bounded columns were taken to the whole line. It leaves out
// columns without information of their own and puts them back: constant ones, and
// ones that depend linearly on those kept. Of bounded columns, all of this but their
// own mean and deviation is about what they are on the whole line.
type Scaler struct {
	Kind      ScalerKind        `json:"kind"`
	Columns   []string          `json:"columns"` // names [D]
	Kept      []int             `json:"kept"`    // indices [d], ascending
	Constant  []ConstantColumn  `json:"constant"`
	Dependent []DependentColumn `json:"dependent"`
	Mean      []float64         `json:"mean"`    // of the kept columns [d]
	Forward   Matrix            `json:"forward"` // [d, d]: z = Forward·(x − Mean)
	Inverse   Matrix            `json:"inverse"` // [d, d]
	// LogAbsDet is log |det Forward|, so that the density of the kept columns, in
	// the units of the data, is log p(x) = log p(z) + LogAbsDet; see LogJacobian for
	// bounded ones.
	LogAbsDet float64         `json:"log_abs_det"`
	Bounded   []BoundedColumn `json:"bounded,omitempty"`
}

// ConstantColumn is a column that does not change.
type ConstantColumn struct {
	Column int     `json:"column"`
	Value  float64 `json:"value"`
}

// DependentColumn is a column that is Offset + Coefficients·x over the kept
// columns x.
type DependentColumn struct {
	Column       int       `json:"column"`
	Coefficients []float64 `json:"coefficients"` // [d]
	Offset       float64   `json:"offset"`
	Residual     float64   `json:"residual"` // what that leaves, root mean square over the training part
}

// Dim returns the number of model coordinates d.
func (s Scaler) Dim() int { return len(s.Kept) }

// Apply returns the model coordinates [N, d] of data [N, D].
func (s Scaler) Apply(data Matrix) (Matrix, error) {
	if err := s.checkInput(data, len(s.Columns)); err != nil {
		return Matrix{}, fmt.Errorf("dataset: scale columns: %w", err)
	}
	data, err := s.unbound(data)
	if err != nil {
		return Matrix{}, err
	}
	out := NewMatrix(data.Rows, s.Dim())
	if diagonal := s.Forward.diagonal(); diagonal != nil {
		s.applyByColumn(out, data, diagonal)
		return out, nil
	}
	centred := make([]float64, s.Dim())
	for i := range data.Rows {
		row := data.Row(i)
		for k, j := range s.Kept {
			centred[k] = row[j] - s.Mean[k]
		}
		multiply(out.Row(i), s.Forward, centred)
	}
	return out, nil
}

// applyByColumn does what a diagonal Forward does.
func (s Scaler) applyByColumn(out, data Matrix, diagonal []float64) {
	for i := range data.Rows {
		row, to := data.Row(i), out.Row(i)
		for k, j := range s.Kept {
			to[k] = 0 + diagonal[k]*(row[j]-s.Mean[k]) // to the bit what the matrix gives, which has no negative zeros
		}
	}
}

// diagonal returns the diagonal of a square matrix that is 0 elsewhere; nil of any
// other.
func (m Matrix) diagonal() []float64 {
	d := make([]float64, m.Rows)
	for i := range m.Data {
		switch row, column := i/m.Cols, i%m.Cols; {
		case row == column:
			d[row] = m.Data[i]
		case m.Data[i] != 0:
			return nil
		}
	}
	return d
}

// Invert returns the columns [N, D] of model coordinates [N, d], the constant
// and dependent ones among them.
func (s Scaler) Invert(model Matrix) (Matrix, error) {
	if err := s.checkInput(model, s.Dim()); err != nil {
		return Matrix{}, fmt.Errorf("dataset: restore columns: %w", err)
	}
	out := NewMatrix(model.Rows, len(s.Columns))
	kept := make([]float64, s.Dim())
	for i := range model.Rows {
		multiply(kept, s.Inverse, model.Row(i))
		for k, mean := range s.Mean {
			kept[k] += mean
		}
		s.spread(out.Row(i), kept)
	}
	return out, nil
}

// spread writes one row of all columns from the kept ones.
func (s Scaler) spread(row, kept []float64) {
	for k, j := range s.Kept {
		row[j] = kept[k]
	}
	for _, c := range s.Constant {
		row[c.Column] = c.Value
	}
	for _, c := range s.Dependent {
		row[c.Column] = c.Offset + dot(c.Coefficients, kept)
	}
	for _, b := range s.Bounded {
		row[b.Column] = b.bound(row[b.Column])
	}
}

// multiply sets dst to m·x, in the same order of operations for any number of
// rows, so that an event's coordinates do not depend on its company.
func multiply(dst []float64, m Matrix, x []float64) {
	for i := range dst {
		dst[i] = dot(m.Row(i), x)
	}
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func (s Scaler) checkInput(data Matrix, width int) error {
	if err := data.check(); err != nil {
		return err
	}
	if data.Cols != width {
		return fmt.Errorf("%d columns: want %d", data.Cols, width)
	}
	if i := nonfinite.Index(data.Data); i >= 0 {
		return fmt.Errorf("row %d, column %d is %g: want a finite number", i/width+1, i%width+1, data.Data[i])
	}
	return nil
}

// UnmarshalJSON reads a scaler and refuses one whose parts do not fit together.
func (s *Scaler) UnmarshalJSON(text []byte) error {
	type plain Scaler
	if err := json.Unmarshal(text, (*plain)(s)); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return fmt.Errorf("dataset: read scaler: %w", err)
	}
	return nil
}

func (s Scaler) check() error {
	d, uses := s.Dim(), make([]int, len(s.Columns))
	columns := append([]int(nil), s.Kept...)
	for _, c := range s.Constant {
		columns = append(columns, c.Column)
	}
	for _, c := range s.Dependent {
		columns = append(columns, c.Column)
		if len(c.Coefficients) != d {
			return fmt.Errorf("dependent column %d has %d coefficients: want %d", c.Column, len(c.Coefficients), d)
		}
	}
	for _, j := range columns {
		if j < 0 || j >= len(uses) {
			return fmt.Errorf("column %d: want 0 to %d", j, len(uses)-1)
		}
		uses[j]++
	}
	for j, n := range uses {
		if n != 1 {
			return fmt.Errorf("column %d is kept, constant or dependent %d times: want once", j, n)
		}
	}
	if len(s.Mean) != d || s.Forward.Rows != d || s.Forward.Cols != d || s.Inverse.Rows != d || s.Inverse.Cols != d {
		return fmt.Errorf("means [%d], forward [%d, %d], inverse [%d, %d]: want %d each way", len(s.Mean), s.Forward.Rows, s.Forward.Cols, s.Inverse.Rows, s.Inverse.Cols, d)
	}
	return s.checkBounded()
}

func (s Scaler) checkBounded() error {
	seen := map[int]bool{}
	for _, b := range s.Bounded {
		if err := b.check(len(s.Columns)); err != nil {
			return err
		}
		if seen[b.Column] {
			return fmt.Errorf("column %d is bounded twice", b.Column)
		}
		seen[b.Column] = true
	}
	return nil
}
