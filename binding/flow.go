package binding

import "github.com/gocei/gocei/cgo"

// Flow is a whole conditional flow, whose stages are alike, as one operation on the CPU: see its functions. None of them is
// recorded for autograd.
//
// The trained parameters are one array, stage by stage: where it is normalised the shift and the log-scale [Dim] of its
// coordinates, then the networks of the coupling, layer by layer, weight [out,in] and bias [out]. A stage ends with its columns
// reversed, or permuted by a matrix.
type Flow struct {
	Dim, Conditions int64
	Stages          int
	Coupling        Coupling // of affine stages; their Flip is not looked at
	Spline          *Spline  // of spline stages, which have one network; nil for affine ones
	Normalised      bool     // coordinates are shifted and scaled before each coupling
	Hidden          []int64  // widths of the networks' hidden layers
	Permutations    []Tensor // [Dim,Dim], one for each stage; none where columns are reversed
}

// FlowForward maps x [B,Dim] under y [B,Conditions] to z [B,Dim], and returns log|det ∂z/∂x| [B]. y may be one row for all.
func (s *Scope) FlowForward(f Flow, x, y, parameters Tensor) (z, logDet Tensor) {
	s.with(cgo.OpFlow, x, y, parameters)
	s.flow(cgo.OpFlow, f)
	out := s.many(cgo.OpFlow, 2, f.floats()...)
	return out[0], out[1]
}

// FlowInverse maps z [B,Dim] under y [B,Conditions] back to x [B,Dim]. y may be one row for all, which costs less.
func (s *Scope) FlowInverse(f Flow, z, y, parameters Tensor) Tensor {
	s.with(cgo.OpFlowInverse, z, y, parameters)
	s.flow(cgo.OpFlowInverse, f)
	return s.one(cgo.OpFlowInverse, f.floats()...)
}

// FlowGradient returns two means over the rows of x [B,Dim] under y [B,Conditions]: of ½|z|² and of log|det ∂z/∂x|. It adds
// the gradient of the first minus the second, which is the mean negative log-likelihood but for a constant, to gradient [n].
func (s *Scope) FlowGradient(f Flow, x, y, parameters, gradient Tensor) (squares, logDet Tensor) {
	s.with(cgo.OpFlowGradient, x, y, parameters, gradient, s.workspace(x))
	s.flow(cgo.OpFlowGradient, f)
	out := s.many(cgo.OpFlowGradient, 2, f.floats()...)
	return out[0], out[1]
}

func (s *Scope) flow(op cgo.Op, f Flow) {
	s.and(op, f.Permutations...)
	kind, bins, networks := int64(0), int64(0), int64(f.Coupling.Networks)
	if f.Spline != nil {
		kind, bins, networks = 1, int64(f.Spline.Bins), 1
	}
	s.ints = append(s.ints[:0], f.Dim, f.Conditions, int64(f.Stages), networks, kind, bins,
		number(f.Normalised), number(len(f.Permutations) > 0), int64(len(f.Hidden)))
	s.ints = append(s.ints, f.Hidden...)
	if permuted := len(f.Permutations); permuted != 0 && permuted != f.Stages {
		s.fail(op.String(), ErrArgument, "%d permutations for %d stages", permuted, f.Stages)
	}
}

func (f Flow) floats() []float64 {
	if f.Spline != nil {
		return []float64{0, f.Spline.Bound}
	}
	return []float64{f.Coupling.Clamp, 0}
}
