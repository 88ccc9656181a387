package export

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/export/graph"
)

// flow is cinn.Model in model coordinates.
type flow struct {
	b      *graph.Builder
	c      cinn.Config
	y      *graph.Value // conditions [B,C]
	trend  *trend
	stages []stage
	logDet float64 // of what does not depend on the row
}

type stage struct {
	nets            []perceptron
	shift, logScale *graph.Value // of the normalised activations; nil without them
	mixing          mixing
}

func newFlow(w *weights, c cinn.Config, y *graph.Value) *flow {
	f := &flow{b: w.b, c: c, y: y, trend: w.trend(y, c.Dim, c.Conditions, c.Trend)}
	if f.trend != nil {
		f.logDet = f.trend.logDet
	}
	for i := range c.Couplings {
		s := stage{mixing: w.mixing(c, i)}
		f.logDet += s.mixing.logDet
		if c.ActNorm {
			s.shift, s.logScale = w.tensor(fmt.Sprintf("actnorm.%d.shift", i), c.Dim), w.tensor(fmt.Sprintf("actnorm.%d.log_scale", i), c.Dim)
			for _, v := range s.logScale.Data {
				f.logDet += v
			}
		}
		names, out := f.networks()
		for _, name := range names {
			s.nets = append(s.nets, w.perceptron(fmt.Sprintf("coupling.%d.%s", i, name), widths(f.passing()+c.Conditions, c.Hidden, out)...))
		}
		f.stages = append(f.stages, s)
	}
	return f
}

func (f *flow) passing() int64 { return f.c.Dim / 2 }
func (f *flow) moved() int64   { return f.c.Dim - f.passing() }

// networks returns the names of a coupling's networks and their width.
func (f *flow) networks() (names []string, out int64) {
	switch {
	case f.c.Coupling == cinn.SplineCoupling:
		return []string{"spline"}, f.moved() * int64(3*f.c.Bins-1)
	case f.c.Networks == 1:
		return []string{"both"}, 2 * f.moved()
	}
	return []string{"scale", "shift"}, f.moved()
}

// forward maps x [B,D] to z [B,D], and returns log|det ∂z/∂x| [B].
func (f *flow) forward(x *graph.Value) (z, logDet *graph.Value) {
	z = f.trend.residual(x)
	for _, s := range f.stages {
		if s.shift != nil {
			z = f.b.Mul(f.b.Sub(z, s.shift), f.b.Exp(s.logScale))
		}
		passing, moved := f.split(z)
		moved, part := f.couple(s, moved, passing)
		if z = s.mixing.forward(f.b.Concat(passing, moved)); logDet != nil {
			part = f.b.Add(logDet, part)
		}
		logDet = part
	}
	return z, f.b.Shift(logDet, f.logDet)
}

// inverse maps z [B,D] back to x [B,D].
func (f *flow) inverse(z *graph.Value) *graph.Value {
	for i := len(f.stages) - 1; i >= 0; i-- {
		s := f.stages[i]
		passing, moved := f.split(s.mixing.inverse(z))
		if z = f.b.Concat(passing, f.uncouple(s, moved, passing)); s.shift != nil {
			z = f.b.Add(f.b.Mul(z, f.b.Exp(f.b.Scale(s.logScale, -1))), s.shift)
		}
	}
	return f.trend.restore(z)
}

// logProb returns log p [B] of x [B,D].
func (f *flow) logProb(x *graph.Value) *graph.Value {
	z, logDet := f.forward(x)
	normal := f.b.Shift(f.b.Scale(f.b.Sum(f.b.Mul(z, z)), -0.5), -0.5*float64(f.c.Dim)*math.Log(2*math.Pi))
	return f.b.Add(normal, logDet)
}

func (f *flow) split(x *graph.Value) (passing, moved *graph.Value) {
	return f.b.Slice(x, 0, f.passing()), f.b.Slice(x, f.passing(), f.c.Dim)
}

func (f *flow) couple(s stage, moved, passing *graph.Value) (z, logDet *graph.Value) {
	if f.c.Coupling == cinn.SplineCoupling {
		return f.spline().forward(moved, f.raw(s, passing), f.moved())
	}
	scale, shift := f.affine(s, passing)
	return f.b.Add(f.b.Mul(moved, f.b.Exp(scale)), shift), f.b.Sum(scale)
}

func (f *flow) uncouple(s stage, moved, passing *graph.Value) *graph.Value {
	if f.c.Coupling == cinn.SplineCoupling {
		return f.spline().inverse(moved, f.raw(s, passing), f.moved())
	}
	scale, shift := f.affine(s, passing)
	return f.b.Mul(f.b.Sub(moved, shift), f.b.Exp(f.b.Scale(scale, -1)))
}

func (f *flow) spline() spline { return spline{f.b, int64(f.c.Bins), f.c.Bound} }

// raw returns what the first network says.
func (f *flow) raw(s stage, passing *graph.Value) *graph.Value {
	return s.nets[0].forward(f.b, f.b.Concat(passing, f.y))
}

// affine returns the logarithm of the scale, and the shift.
func (f *flow) affine(s stage, passing *graph.Value) (scale, shift *graph.Value) {
	if scale = f.raw(s, passing); len(s.nets) == 1 {
		scale, shift = f.b.Slice(scale, 0, f.moved()), f.b.Slice(scale, f.moved(), 2*f.moved())
	} else {
		shift = s.nets[1].forward(f.b, f.b.Concat(passing, f.y))
	}
	if c := f.c.Clamp; c > 0 {
		scale = f.b.Scale(f.b.Tanh(f.b.Scale(scale, 1/c)), c)
	}
	return scale, shift
}
