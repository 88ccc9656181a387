package export

import (
	"math"
	"slices"

	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/export/graph"
)

// trend is nn.Trend. Its nil value is none.
type trend struct {
	b      *graph.Builder
	value  *graph.Value // at the conditions
	scale  *graph.Value // [D]
	logDet float64
}

// trendMargin is that of nn.Trend: how far beyond ±1 a condition still counts.
const trendMargin = 0.25

// trend returns the model's trend at conditions y [B,C].
func (w *weights) trend(y *graph.Value, dim, conditions int64, degree int) *trend {
	if degree < 1 {
		return nil
	}
	b := w.b
	u := b.Div(b.Sub(y, w.tensor("trend.centre", conditions)), w.tensor("trend.half_width", conditions))
	u = b.Clamp(u, -1-trendMargin, 1+trendMargin)
	all, block, firsts := []*graph.Value{u}, u, []int{}
	for i := range conditions {
		firsts = append(firsts, int(i))
	}
	for k := 2; k <= degree; k++ {
		var factors, lower []int
		factors, lower = raised(firsts, int(conditions))
		block = b.Mul(b.Select(u, factors), b.Select(block, lower))
		all, firsts = append(all, block), factors
	}
	monomials := int64(nn.Monomials(conditions, degree))
	coefficients := w.numbers("trend.coefficients", monomials, dim)
	value := b.Linear(b.Concat(all...),
		b.Constant("trend.weight", w.dtype, transposed(coefficients[dim:], int(monomials-1), int(dim)), dim, monomials-1),
		b.Constant("trend.constant", w.dtype, coefficients[:dim], dim))
	t := &trend{b: b, value: value, scale: w.tensor("trend.scale", dim)}
	for _, scale := range t.scale.Data {
		t.logDet -= math.Log(scale)
	}
	return t
}

// raised returns the monomials of the next degree, each as a condition and a monomial of this degree that begins with that
// condition or a later one. Those of this degree are told by the condition that they begin with.
func raised(firsts []int, conditions int) (factors, lower []int) {
	for i := range conditions {
		start := slices.IndexFunc(firsts, func(first int) bool { return first >= i })
		for j := start; j < len(firsts); j++ {
			factors, lower = append(factors, i), append(lower, j)
		}
	}
	return factors, lower
}

func transposed(m []float64, rows, columns int) []float64 {
	t := make([]float64, len(m))
	for i := range rows {
		for j := range columns {
			t[j*rows+i] = m[i*columns+j]
		}
	}
	return t
}

func (t *trend) residual(x *graph.Value) *graph.Value {
	if t == nil {
		return x
	}
	return t.b.Div(t.b.Sub(x, t.value), t.scale)
}

func (t *trend) restore(r *graph.Value) *graph.Value {
	if t == nil {
		return r
	}
	return t.b.Add(t.b.Mul(r, t.scale), t.value)
}
