package export

import (
	"math"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/export/graph"
)

// ends are the bounds of some columns and what lies between, each [k].
type ends struct{ low, high, width *graph.Value }

// ends returns the bounds, moved inwards by one rounding where inside is asked for.
func (s scaling) ends(name string, bounded []dataset.BoundedColumn, inside bool) ends {
	var low, high, width []float64
	for _, b := range bounded {
		width = append(width, b.High-b.Low)
		if inside {
			b.Low, b.High = math.Nextafter(b.Low, b.High), math.Nextafter(b.High, b.Low)
		}
		low, high = append(low, b.Low), append(high, b.High)
	}
	k := len(bounded)
	return ends{s.constant(name+".low", low, k), s.constant(name+".high", high, k), s.constant(name+".width", width, k)}
}

// replace maps the bounded columns among those of x [B,width] by do.
func (s scaling) replace(x *graph.Value, width int, bounded []dataset.BoundedColumn, do func(x *graph.Value, bounded []dataset.BoundedColumn) *graph.Value) *graph.Value {
	if len(bounded) == 0 {
		return x
	}
	columns, place := make([]int, len(bounded)), make([]int, width)
	for j := range place {
		place[j] = j
	}
	for i, b := range bounded {
		columns[i], place[b.Column] = b.Column, width+i
	}
	return s.b.Select(s.b.Concat(x, do(s.b.Select(x, columns), bounded)), place)
}

// unbound takes columns to the whole line.
func (s scaling) unbound(x *graph.Value, bounded []dataset.BoundedColumn) *graph.Value {
	e := s.ends("bounds", bounded, false)
	return s.b.Sub(s.b.Log(s.b.Sub(x, e.low)), s.b.Log(s.b.Sub(e.high, x)))
}

// bound is unbound's inverse. Each half is computed from the nearer end, and rounding takes nothing to an end.
func (s scaling) bound(u *graph.Value, bounded []dataset.BoundedColumn) *graph.Value {
	b, e, inside := s.b, s.ends("bounds", bounded, false), s.ends("inside", bounded, true)
	share := b.Mul(e.width, s.logistic(b.Scale(b.Abs(u), -1)))
	zero := b.Scalar(u.DType, 0)
	x := b.Where(b.Less(u, zero), b.Add(e.low, share), b.Sub(e.high, share))
	x = b.Where(b.Less(x, inside.low), inside.low, x)
	return b.Where(b.Less(inside.high, x), inside.high, x)
}

func (s scaling) logistic(u *graph.Value) *graph.Value {
	one := s.b.Scalar(u.DType, 1)
	return s.b.Div(one, s.b.Add(one, s.b.Exp(s.b.Scale(u, -1))))
}

// logJacobian returns log |det ∂z/∂x| [B] at the kept columns u [B,d] on the whole line, see dataset.Scaler.LogJacobian;
// where no column is bounded it is the number alone.
func (s scaling) logJacobian(u *graph.Value) (row *graph.Value, constant float64) {
	constant = s.of.LogAbsDet
	kept := s.boundedKept()
	if len(kept) == 0 {
		return nil, constant
	}
	columns := make([]int, len(kept))
	for i, b := range kept {
		columns[i] = b.Column
		constant -= math.Log(b.High - b.Low)
	}
	size := s.b.Abs(s.b.Select(u, columns))
	return s.b.Sum(s.b.Add(size, s.b.Scale(s.b.Softplus(s.b.Scale(size, -1)), 2))), constant
}
