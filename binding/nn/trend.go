package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/binding"
)

// Trend is a polynomial in a model's conditions y [B,C] that targets x [B,D] are taken from before a network sees them,
// and added to after it has drawn them. The network is left with the residuals (x - trend(y)) / scale, which for a
// smooth inverse are hundreds of times smaller than x: few rows determine a polynomial's 35 coefficients better than the
// ten thousands of a network's (residual modelling, as the "intrinsic" trends of universal kriging: Cressie 1993,
// Statistics for Spatial Data, section 3.4). The map is affine in x, whatever the polynomial, so that the model's density
// stays exact, and a trend that is wrong costs no more than what the network has to learn then.
//
// Conditions enter as u = (y - centre) / halfWidth, clamped to ±1.25: a polynomial says nothing beyond the rows that it
// was fitted to. A column of which the polynomial leaves more than a tenth has a linear trend. Its nil value is no trend.
type Trend struct {
	degree            int
	dim, conditions   int64
	centre, halfWidth *Param // [C,1]
	coefficients      *Param // [monomials,D]
	scale             *Param // [D], of the residuals
	fitted            *Param // 1 once Fit was done
}

// trendMargin is how far outside the range of the rows it was fitted to a trend still changes, in half widths of it.
const trendMargin = 0.25

// Trend adds the buffers of a polynomial of that degree, or returns nil for degree 0. Until it is fitted it is zero, with
// scale 1.
func (l *Layout) Trend(name string, dim, conditions int64, degree int) *Trend {
	if degree < 1 {
		return nil
	}
	return &Trend{
		degree: degree, dim: dim, conditions: conditions,
		centre:       l.Buffer(name+".centre", Constant(0), conditions, 1),
		halfWidth:    l.Buffer(name+".half_width", Constant(1), conditions, 1),
		coefficients: l.Buffer(name+".coefficients", Constant(0), int64(Monomials(conditions, degree)), dim),
		scale:        l.Buffer(name+".scale", Constant(1), dim),
		fitted:       l.Buffer(name+".fitted", Constant(0), 1),
	}
}

// Monomials returns how many products of conditions a polynomial of that degree adds up, the constant included.
func Monomials(conditions int64, degree int) int {
	if degree < 0 {
		return 0
	}
	n := 1
	for k := 1; k <= degree; k++ {
		n = n * (int(conditions) + k) / k
	}
	return n
}

// mostMonomials is how many coefficients a trend may have: fitting more takes minutes, and soon all memory.
const mostMonomials = 3000

// CheckTrend refuses the degree of a trend that is negative or has too many monomials to be fitted.
func CheckTrend(conditions int64, degree int) error {
	if degree < 0 {
		return fmt.Errorf("the trend's degree must not be negative, got %d", degree)
	}
	for k := 1; k <= degree; k++ {
		if n := Monomials(conditions, k); n > mostMonomials {
			return fmt.Errorf("a trend of degree %d in %d conditions has too many coefficients: want %d at most, which is degree %d",
				degree, conditions, mostMonomials, k-1)
		}
	}
	return nil
}

// TrendDegree returns the highest degree, up to most, of a polynomial that so many rows determine well, with twenty of
// them a coefficient, and that costs little beside a network, with a hundred coefficients at most.
func TrendDegree(conditions int64, rows, most int) int {
	degree := 0
	for degree < most && Monomials(conditions, degree+1) <= min(rows/20, 100) {
		degree++
	}
	return degree
}

// Residual returns the residuals [B,D] of x [B,D] under y [B,C].
func (t *Trend) Residual(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	if t == nil {
		return x
	}
	t.checkRows(s, x, y)
	return s.Div(s.Sub(x, t.value(s, y)), t.scale.tensor)
}

// Restore returns the x [B,D] whose residuals under y [B,C] are r [B,D].
func (t *Trend) Restore(s *binding.Scope, r, y binding.Tensor) binding.Tensor {
	if t == nil {
		return r
	}
	t.checkRows(s, r, y)
	return s.Add(s.Mul(r, t.scale.tensor), t.value(s, y))
}

// checkRows fails the scope unless x is [B,D] and y [B,C]: one row of either would be stretched to all of the other.
func (t *Trend) checkRows(s *binding.Scope, x, y binding.Tensor) {
	have, err := s.Shape(x)
	if err != nil {
		return
	}
	under, err := s.Shape(y)
	if err == nil && (len(have) != 2 || len(under) != 2 || have[0] != under[0] || have[1] != t.dim || under[1] != t.conditions) {
		s.Fail(fmt.Errorf("nn: take trend: want shapes [B,%d] and [B,%d], got %v and %v: %w", t.dim, t.conditions, have, under, binding.ErrShape))
	}
}

// LogDet returns log|det ∂r/∂x|, a scalar. A trend that is nil has none.
func (t *Trend) LogDet(s *binding.Scope) binding.Tensor {
	return s.Scale(s.Sum(s.Log(t.scale.tensor)), -1)
}

// Spread returns the standard deviations [D] of the residuals of the rows it was fitted to, in units of x. No trend has
// none.
func (t *Trend) Spread() (sd binding.Tensor, ok bool) {
	if t == nil {
		return binding.Tensor{}, false
	}
	return t.scale.tensor, true
}

// value returns the polynomial [B,D] at y [B,C]. Rows lie along the second dimension until the end, where blocks of
// monomials are views.
func (t *Trend) value(s *binding.Scope, y binding.Tensor) binding.Tensor {
	u := s.Div(s.Sub(s.Transpose(y, 0, 1), t.centre.tensor), t.halfWidth.tensor)
	u = s.Clamp(u, -1-trendMargin, 1+trendMargin)
	ones := s.Affine(s.Narrow(u, 0, 0, 1), 0, 1)
	all, block := []binding.Tensor{ones, u}, u
	for k := 2; k <= t.degree; k++ {
		block = t.raised(s, u, block, k)
		all = append(all, block)
	}
	return s.MatMul(s.Transpose(s.Cat(0, all...), 0, 1), t.coefficients.tensor)
}

// raised returns the monomials of degree k from those of degree k-1: each condition times those that begin with it or a
// later one, which are the last ones (see starts).
func (t *Trend) raised(s *binding.Scope, u, block binding.Tensor, k int) binding.Tensor {
	starts := blockStarts(int(t.conditions), k-1)
	size := int64(Monomials(t.conditions, k-1) - Monomials(t.conditions, k-2))
	var parts []binding.Tensor
	for i, start := range starts {
		parts = append(parts, s.Mul(s.Narrow(u, 0, int64(i), 1), s.Narrow(block, 0, int64(start), size-int64(start))))
	}
	return s.Cat(0, parts...)
}

// blockStarts returns where among the monomials of that degree, sorted by their first condition, those that begin with
// each condition start.
func blockStarts(conditions, degree int) []int {
	starts := make([]int, conditions)
	for i := 1; i < conditions; i++ {
		first := conditions - (i - 1) // conditions that may follow the one before
		starts[i] = starts[i-1] + Monomials(int64(first), degree-1) - Monomials(int64(first), degree-2)
	}
	return starts
}

// Fit finds the polynomial that is nearest to x [N,D] over y [N,C] by least squares, and the scale of what it leaves: the
// first time that it is called for a model, saved ones included.
func (t *Trend) Fit(s *binding.Scope, x, y binding.Tensor) error {
	if t == nil {
		return nil
	}
	t.checkRows(s, x, y)
	done, err := s.Item(s.Sum(t.fitted.tensor))
	if err != nil || done != 0 {
		return err
	}
	targets, err := s.Float64s(x)
	if err != nil {
		return err
	}
	conditions, err := s.Float64s(y)
	if err != nil {
		return err
	}
	rows := len(targets) / int(t.dim)
	if monomials := int(t.coefficients.Shape[0]); rows <= monomials {
		return fmt.Errorf("nn: fit trend of degree %d to %d rows: it has %d coefficients, and goes through so few rows whatever they are: want a lower degree or more rows",
			t.degree, rows, monomials)
	}
	centre, halfWidth := ranges(conditions, int(t.conditions))
	design := t.design(conditions, centre, halfWidth)
	coefficients, scale, err := t.regress(design, mat.NewDense(rows, int(t.dim), targets))
	if err != nil {
		return fmt.Errorf("nn: fit trend of degree %d to %d rows: %w", t.degree, rows, err)
	}
	for _, set := range []struct {
		p      *Param
		values []float64
	}{{t.centre, centre}, {t.halfWidth, halfWidth}, {t.coefficients, coefficients}, {t.scale, scale}, {t.fitted, []float64{1}}} {
		s.Copy(set.p.tensor, s.FromFloat64s(set.values, binding.Float64, binding.CPU, set.p.Shape...))
	}
	return s.Err()
}

// ranges returns the centre and the half width of each condition over the rows.
func ranges(y []float64, conditions int) (centre, halfWidth []float64) {
	centre, halfWidth = make([]float64, conditions), make([]float64, conditions)
	for j := range conditions {
		low, high := math.Inf(1), math.Inf(-1)
		for i := j; i < len(y); i += conditions {
			low, high = min(low, y[i]), max(high, y[i])
		}
		centre[j], halfWidth[j] = (low+high)/2, (high-low)/2
		if halfWidth[j] == 0 {
			halfWidth[j] = 1
		}
	}
	return centre, halfWidth
}

// design returns the monomials [N,M] of conditions [N,C], in the order of value.
func (t *Trend) design(y, centre, halfWidth []float64) *mat.Dense {
	c := int(t.conditions)
	rows := len(y) / c
	d := mat.NewDense(rows, Monomials(t.conditions, t.degree), nil)
	u := make([]float64, c)
	for i := range rows {
		for j := range u {
			u[j] = (y[i*c+j] - centre[j]) / halfWidth[j]
		}
		appendMonomials(d.RawRowView(i)[:0], u, t.degree)
	}
	return d
}

// appendMonomials appends the products of u up to a degree.
func appendMonomials(to, u []float64, degree int) []float64 {
	to = append(append(to, 1), u...)
	block := u
	for k := 2; k <= degree; k++ {
		from := len(to)
		for i, start := range blockStarts(len(u), k-1) {
			for _, lower := range block[start:] {
				to = append(to, u[i]*lower)
			}
		}
		block = to[from:]
	}
	return to
}

const (
	// ridge, times the rows, keeps coefficients finite that the rows do not determine, as where a condition has two values.
	ridge = 1e-10
	// leastScale keeps residuals above the rounding of float32 where the trend is exact.
	leastScale = 1e-4
	// mostLeft is the share of a column's root mean square that a polynomial may leave. One that leaves more gives way to its
	// linear part: what it leaves is no smoother than the column, and has the polynomial's own waves.
	mostLeft = 0.1
)

// regress returns the coefficients [M·D] of the polynomial that is nearest to each of the targets [N,D], or of the linear
// one where that leaves too much, and the root mean square [D] of what they leave.
func (t *Trend) regress(design, targets *mat.Dense) (coefficients, scale []float64, err error) {
	monomials, dim := int(t.coefficients.Shape[0]), int(t.dim)
	w, scale, err := leastSquares(design, targets)
	if err != nil {
		return nil, nil, err
	}
	rows, _ := targets.Dims()
	line, lineScale, err := leastSquares(design.Slice(0, rows, 0, 1+int(t.conditions)), targets)
	if err != nil {
		return nil, nil, err
	}
	coefficients = make([]float64, monomials*dim)
	for j := range dim {
		all := mat.Norm(targets.ColView(j), 2) / math.Sqrt(float64(rows))
		from := w
		if scale[j] > mostLeft*all {
			from, scale[j] = line, lineScale[j]
		}
		used, _ := from.Dims()
		for i := range used {
			coefficients[i*dim+j] = from.At(i, j)
		}
		scale[j] = max(scale[j], leastScale)
	}
	return coefficients, scale, nil
}

// leastSquares returns the coefficients [M,D] of the linear model that is nearest to the targets [N,D], and the root mean
// square [D] of what it leaves.
func leastSquares(design mat.Matrix, targets *mat.Dense) (w *mat.Dense, left []float64, err error) {
	rows, monomials := design.Dims()
	_, dim := targets.Dims()
	damping := mat.NewDiagDense(monomials, nil)
	for i := range monomials {
		damping.SetDiag(i, math.Sqrt(ridge*float64(rows)))
	}
	var damped, padded, rest mat.Dense
	damped.Stack(design, damping)
	padded.Stack(targets, mat.NewDense(monomials, dim, nil))
	var qr mat.QR
	qr.Factorize(&damped)
	w = &mat.Dense{}
	if err := qr.SolveTo(w, false, &padded); err != nil {
		return nil, nil, err
	}
	rest.Mul(design, w)
	rest.Sub(targets, &rest)
	for j := range dim {
		left = append(left, mat.Norm(rest.ColView(j), 2)/math.Sqrt(float64(rows)))
	}
	return w, left, nil
}
