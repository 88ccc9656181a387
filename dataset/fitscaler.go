package dataset

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/internal/excerpt"
)

// DefaultTolerance is the standard deviation, relative to the root mean square
// of those of its whole group, below which a column or what is left of it counts
// as noise. Tables made by integrators in single precision carry noise of 2e-5
// in momenta (3e-4 atomic units beside a spread of 17), while the least
// coordinate that says something about a small molecule, an atom's way out of
// the plane of the others, is some 1e-1.
const DefaultTolerance = 1e-4

// FitScaler fits a scaler to data [N, D], the training part. The tolerance is
// what DefaultTolerance describes, which 0 stands for. Which columns are kept is
// found by Gram–Schmidt with pivoting on the centred columns, and the dependent
// ones are fitted to them by least squares.
//
// The error says which number is not finite, that there are fewer than D+1 rows,
// which could not tell dependence from coincidence, or that all columns are
// constant.
func FitScaler(columns []string, data Matrix, kind ScalerKind, tol float64) (Scaler, error) {
	return fitter{kind: kind, tolerance: tol}.fit(columns, data)
}

// fitter says how to fit scalers.
type fitter struct {
	kind      ScalerKind
	tolerance float64
	mixed     bool // see scatter.structure
}

// fitter returns how scalers of columns are fitted, which in a plain table have
// units of their own.
func (o Options) fitter(plain bool) fitter { return fitter{o.Scaler, o.Tolerance, plain} }

func (f fitter) fit(columns []string, data Matrix) (Scaler, error) {
	s := Scaler{Kind: f.kind, Columns: slices.Clone(columns), Constant: []ConstantColumn{}, Dependent: []DependentColumn{}}
	if f.tolerance == 0 {
		f.tolerance = DefaultTolerance
	}
	if err := s.checkFit(data, f.tolerance); err != nil {
		return Scaler{}, fmt.Errorf("dataset: fit scaler: %w", err)
	}
	found := analyse(data, f.tolerance, f.mixed)
	if len(found.kept) == 0 {
		return Scaler{}, fmt.Errorf("dataset: fit scaler: all %d columns (%s) are constant over %d rows", data.Cols, excerpt.List(columns), data.Rows)
	}
	s.Kept = found.kept
	for _, j := range found.kept {
		s.Mean = append(s.Mean, found.mean[j])
	}
	for _, j := range found.constant {
		s.Constant = append(s.Constant, ConstantColumn{Column: j, Value: found.mean[j]})
	}
	if err := s.fitDependent(found, data.Rows); err != nil {
		return Scaler{}, fmt.Errorf("dataset: fit scaler: %w", err)
	}
	if err := s.fitMap(found, data.Rows); err != nil {
		return Scaler{}, fmt.Errorf("dataset: fit scaler: %w", err)
	}
	return s, nil
}

func (s Scaler) checkFit(data Matrix, tol float64) error {
	if s.Kind != ScalerStandard && s.Kind != ScalerWhiten {
		return fmt.Errorf("unknown kind %q: want %q or %q", s.Kind, ScalerStandard, ScalerWhiten)
	}
	if !(tol > 0 && tol < 1) {
		return fmt.Errorf("tolerance %g: want a number between 0 and 1", tol)
	}
	if len(s.Columns) == 0 {
		return fmt.Errorf("no columns")
	}
	if err := s.checkInput(data, len(s.Columns)); err != nil {
		return err
	}
	if data.Rows <= data.Cols {
		return fmt.Errorf("%d rows for %d columns: want at least %d", data.Rows, data.Cols, data.Cols+1)
	}
	return nil
}

// fitDependent solves the least squares problem in the triangle, whose columns
// have the inner products of the data's.
func (s *Scaler) fitDependent(found structure, rows int) error {
	if len(found.dependent) == 0 {
		return nil
	}
	kept, dependent := selectColumns(found.triangle, found.kept), selectColumns(found.triangle, found.dependent)
	var coefficients, residual mat.Dense
	if err := coefficients.Solve(kept, dependent); err != nil {
		return fmt.Errorf("solve for dependent columns: %w", err)
	}
	residual.Mul(kept, &coefficients)
	residual.Sub(dependent, &residual)
	for k, j := range found.dependent {
		c := DependentColumn{Column: j, Coefficients: mat.Col(nil, k, &coefficients)}
		c.Offset = found.mean[j] - dot(c.Coefficients, s.Mean)
		c.Residual = mat.Norm(residual.ColView(k), 2) / math.Sqrt(float64(rows))
		s.Dependent = append(s.Dependent, c)
	}
	return nil
}

// fitMap sets Forward, Inverse and LogAbsDet.
func (s *Scaler) fitMap(found structure, rows int) error {
	d := s.Dim()
	s.Forward, s.Inverse = NewMatrix(d, d), NewMatrix(d, d)
	for k, j := range s.Kept {
		s.Forward.Row(k)[k], s.Inverse.Row(k)[k] = 1/found.sd[j], found.sd[j]
		s.LogAbsDet -= math.Log(found.sd[j])
	}
	if s.Kind == ScalerStandard {
		return nil
	}
	forward, inverse := mat.NewDense(d, d, s.Forward.Data), mat.NewDense(d, d, s.Inverse.Data)
	var standard mat.Dense // the triangle of the standardised columns
	standard.Mul(selectColumns(found.triangle, s.Kept), forward)
	root, inverseRoot, logDet, err := correlationRoots(&standard, rows)
	if err != nil {
		return err
	}
	forward.Mul(inverseRoot, forward)
	inverse.Mul(inverse, root)
	s.LogAbsDet -= logDet
	return nil
}

// correlationRoots returns P^(1/2), P^(-1/2) and log det P^(1/2) of the
// correlation matrix P = triangleᵀ·triangle/(rows−1), by way of the triangle's
// singular values, which keeps the digits that forming P would lose.
func correlationRoots(triangle *mat.Dense, rows int) (root, inverse *mat.Dense, logDet float64, err error) {
	var svd mat.SVD
	if !svd.Factorize(triangle, mat.SVDThin) {
		return nil, nil, 0, fmt.Errorf("the singular value decomposition does not converge")
	}
	var v mat.Dense
	svd.VTo(&v)
	values := svd.Values(nil)
	reciprocals := make([]float64, len(values))
	for k := range values {
		values[k] /= math.Sqrt(float64(rows - 1))
		reciprocals[k] = 1 / values[k]
		logDet += math.Log(values[k])
	}
	root, inverse = new(mat.Dense), new(mat.Dense)
	root.Product(&v, mat.NewDiagDense(len(values), values), v.T())
	inverse.Product(&v, mat.NewDiagDense(len(values), reciprocals), v.T())
	return root, inverse, logDet, nil
}

func selectColumns(m *mat.Dense, columns []int) *mat.Dense {
	rows, _ := m.Dims()
	selected := mat.NewDense(rows, len(columns), nil)
	for k, j := range columns {
		selected.SetCol(k, mat.Col(nil, j, m))
	}
	return selected
}
