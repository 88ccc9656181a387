package export

import (
	"slices"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/export/graph"
)

// scaling is dataset.Scaler, in float64.
type scaling struct {
	b    *graph.Builder
	name string
	of   dataset.Scaler
}

func (s scaling) constant(name string, data []float64, shape ...int) *graph.Value {
	sizes := make([]int64, len(shape))
	for i, size := range shape {
		sizes[i] = int64(size)
	}
	return s.b.Constant(s.name+"."+name, graph.Float64, data, sizes...)
}

// apply returns the model coordinates z [B,d] of columns [B,D], and the kept columns u [B,d] on the whole line.
func (s scaling) apply(columns *graph.Value) (z, u *graph.Value) {
	d := s.of.Dim()
	u = s.pick(columns, s.of.Kept, len(s.of.Columns))
	u = s.replace(u, d, s.boundedKept(), s.unbound)
	centred := s.b.Sub(u, s.constant("mean", s.of.Mean, d))
	return s.b.Linear(centred, s.constant("forward", s.of.Forward.Data, d, d), s.constant("zeros", make([]float64, d), d)), u
}

// invert returns the columns [B,D] of model coordinates [B,d].
func (s scaling) invert(z *graph.Value) *graph.Value {
	d := s.of.Dim()
	kept := s.b.Linear(z, s.constant("inverse", s.of.Inverse.Data, d, d), s.constant("mean", s.of.Mean, d))
	order := slices.Clone(s.of.Kept)
	var weight, offset []float64
	for _, c := range s.of.Dependent {
		order, weight, offset = append(order, c.Column), append(weight, c.Coefficients...), append(offset, c.Offset)
	}
	for _, c := range s.of.Constant {
		order, weight, offset = append(order, c.Column), append(weight, make([]float64, d)...), append(offset, c.Value)
	}
	all := kept
	if n := len(offset); n > 0 {
		all = s.b.Concat(kept, s.b.Linear(kept, s.constant("others", weight, n, d), s.constant("offset", offset, n)))
	}
	place := make([]int, len(order))
	for i, column := range order {
		place[column] = i
	}
	return s.replace(s.pick(all, place, len(place)), len(place), s.of.Bounded, s.bound)
}

// pick is Select, where that changes anything.
func (s scaling) pick(x *graph.Value, columns []int, width int) *graph.Value {
	for i, column := range columns {
		if i != column || len(columns) != width {
			return s.b.Select(x, columns)
		}
	}
	return x
}

// boundedKept returns the bounded columns among those kept, by their place there.
func (s scaling) boundedKept() (kept []dataset.BoundedColumn) {
	for _, b := range s.of.Bounded {
		if b.Column = slices.Index(s.of.Kept, b.Column); b.Column >= 0 {
			kept = append(kept, b)
		}
	}
	return kept
}
