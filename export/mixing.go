package export

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/export/graph"
)

// mixing is what follows a coupling: reversed columns, a permutation, or a learned linear map.
type mixing struct {
	b        *graph.Builder
	from     []int    // forward, column j comes from column from[j]
	to       []int    // its inverse
	matrices [2]layer // of the linear map and its inverse
	logDet   float64
}

func (w *weights) mixing(c cinn.Config, number int) mixing {
	d := int(c.Dim)
	m := mixing{b: w.b, from: make([]int, d), to: make([]int, d)}
	name := fmt.Sprintf("mixing.%d", number)
	for j := range d {
		m.from[j] = d - 1 - j
	}
	if c.Permutation != "" {
		permutation := w.numbers(name+".permutation", c.Dim, c.Dim)
		for i, v := range permutation {
			if v != 0 {
				m.from[i%d] = i / d
			}
		}
	}
	for j, from := range m.from {
		m.to[from] = j
	}
	if c.Permutation == cinn.LinearPermutation {
		m.learn(w, name, d)
	}
	return m
}

// learn sets the matrices by the factors, see binding.Scope.Mixing: a row x becomes x·Uᵀ·Lᵀ, and then its columns are
// permuted.
func (m *mixing) learn(w *weights, name string, d int) {
	factors := w.numbers(name+".factors", int64(d), int64(d))
	l, u := mat.NewDense(d, d, nil), mat.NewDense(d, d, nil)
	for i := range d {
		l.Set(i, i, 1)
		u.Set(i, i, math.Exp(factors[i*d+i]))
		m.logDet += factors[i*d+i]
		for j := range i {
			l.Set(i, j, factors[i*d+j])
			u.Set(j, i, factors[j*d+i])
		}
	}
	var product, inverse mat.Dense
	product.Mul(l, u)
	if err := inverse.Inverse(&product); err != nil {
		w.fail("the linear map %s has no inverse: %v", name, err)
		return
	}
	zeros := w.b.Constant(name+".zeros", w.dtype, make([]float64, d), int64(d))
	m.matrices = [2]layer{
		{w.b.Constant(name+".forward", w.dtype, product.RawMatrix().Data, int64(d), int64(d)), zeros},
		{w.b.Constant(name+".inverse", w.dtype, inverse.RawMatrix().Data, int64(d), int64(d)), zeros},
	}
}

func (m mixing) forward(x *graph.Value) *graph.Value {
	if f := m.matrices[0]; f.weight != nil {
		x = m.b.Linear(x, f.weight, f.bias)
	}
	return m.b.Select(x, m.from)
}

func (m mixing) inverse(z *graph.Value) *graph.Value {
	z = m.b.Select(z, m.to)
	if f := m.matrices[1]; f.weight != nil {
		z = m.b.Linear(z, f.weight, f.bias)
	}
	return z
}
