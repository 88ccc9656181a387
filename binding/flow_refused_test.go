package binding_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// smallFlow needs 2·(4·3+4 + 2·4+2) parameters a stage.
var smallFlow = binding.Flow{Dim: 3, Conditions: 2, Stages: 2, Hidden: []int64{4}, Coupling: binding.Coupling{Networks: 2}}

const smallFlowParameters = 2 * 2 * (4*3 + 4 + 2*4 + 2)

// flowCalls are the operations of a flow, with the gradient's own array.
var flowCalls = map[string]func(s *binding.Scope, f binding.Flow, x, y, p binding.Tensor){
	"forward": func(s *binding.Scope, f binding.Flow, x, y, p binding.Tensor) { s.FlowForward(f, x, y, p) },
	"inverse": func(s *binding.Scope, f binding.Flow, x, y, p binding.Tensor) { s.FlowInverse(f, x, y, p) },
	"gradient": func(s *binding.Scope, f binding.Flow, x, y, p binding.Tensor) {
		s.FlowGradient(f, x, y, p, s.Zeros(binding.Float64, binding.CPU, smallFlowParameters))
	},
}

func TestFlowRefusesWhatDoesNotFit(t *testing.T) {
	var all []refusal
	for name, call := range flowCalls {
		add := func(what string, kind binding.Kind, change func(f *binding.Flow), x, y, p []int64) {
			f := smallFlow
			change(&f)
			all = append(all, refusal{name + "/" + what, kind, func(s *binding.Scope) { call(s, f, zeros(s, x...), zeros(s, y...), zeros(s, p...)) }})
		}
		same := func(*binding.Flow) {}
		x, y, p := []int64{5, 3}, []int64{5, 2}, []int64{smallFlowParameters}
		add("a wide x", binding.ErrShape, same, []int64{5, 4}, y, p)
		add("a flat x", binding.ErrShape, same, []int64{3}, y, p)
		add("a scalar x", binding.ErrShape, same, []int64{}, y, p)
		add("a deep x", binding.ErrShape, same, []int64{5, 3, 1}, y, p)
		add("a narrow y", binding.ErrShape, same, x, []int64{5, 1}, p)
		add("a flat y", binding.ErrShape, same, x, []int64{2}, p)
		add("another batch", binding.ErrShape, same, x, []int64{4, 2}, p)
		add("no y", binding.ErrShape, same, x, []int64{0, 2}, p)
		add("parameters missing", binding.ErrShape, same, x, y, []int64{smallFlowParameters - 1})
		add("parameters left over", binding.ErrShape, same, x, y, []int64{smallFlowParameters + 1})
		add("parameters in rows", binding.ErrShape, same, x, y, []int64{smallFlowParameters, 1})
		add("no parameters", binding.ErrShape, same, x, y, []int64{0})
		add("one column", binding.ErrArgument, func(f *binding.Flow) { f.Dim = 1 }, x, y, p)
		add("no condition", binding.ErrArgument, func(f *binding.Flow) { f.Conditions = 0 }, x, y, p)
		add("no stage", binding.ErrArgument, func(f *binding.Flow) { f.Stages = 0 }, x, y, p)
		add("stages below zero", binding.ErrArgument, func(f *binding.Flow) { f.Stages = -1 }, x, y, p)
		add("no network", binding.ErrArgument, func(f *binding.Flow) { f.Coupling.Networks = 0 }, x, y, p)
		add("three networks", binding.ErrArgument, func(f *binding.Flow) { f.Coupling.Networks = 3 }, x, y, p)
		add("a width of zero", binding.ErrArgument, func(f *binding.Flow) { f.Hidden = []int64{0} }, x, y, p)
		add("a width below zero", binding.ErrArgument, func(f *binding.Flow) { f.Hidden = []int64{4, -4} }, x, y, p)
		add("a spline of one bin", binding.ErrArgument, func(f *binding.Flow) { f.Spline = &binding.Spline{Bins: 1, Bound: 1} }, x, y, p)
		add("too many bins", binding.ErrArgument, func(f *binding.Flow) { f.Spline = &binding.Spline{Bins: 1000, Bound: 1} }, x, y, p)
		add("a spline without bound", binding.ErrArgument, func(f *binding.Flow) { f.Spline = &binding.Spline{Bins: 4} }, x, y, p)
	}
	all = append(all, refusal{"gradient/no rows", binding.ErrShape, func(s *binding.Scope) {
		flowCalls["gradient"](s, smallFlow, zeros(s, 0, 3), zeros(s, 0, 2), zeros(s, smallFlowParameters))
	}})
	for _, n := range []int64{0, 1, smallFlowParameters - 1} {
		all = append(all, refusal{"gradient/another size", binding.ErrShape, func(s *binding.Scope) {
			s.FlowGradient(smallFlow, zeros(s, 5, 3), zeros(s, 5, 2), zeros(s, smallFlowParameters), zeros(s, n))
		}})
	}
	holdRefusals(t, all)
}

func TestFlowRefusesOtherTypesAndTheAbsent(t *testing.T) {
	var all []refusal
	for name, call := range flowCalls {
		for i, what := range []string{"x", "y", "parameters"} {
			operands := func(s *binding.Scope) []binding.Tensor {
				return []binding.Tensor{zeros(s, 5, 3), zeros(s, 5, 2), zeros(s, smallFlowParameters)}
			}
			for _, dtype := range []binding.DType{binding.Float32, binding.Int64} {
				all = append(all, refusal{name + "/" + what + " of " + dtype.String(), binding.ErrDType, func(s *binding.Scope) {
					in := operands(s)
					shape, _ := s.Shape(in[i])
					in[i] = s.Zeros(dtype, binding.CPU, shape...)
					call(s, smallFlow, in[0], in[1], in[2])
				}})
			}
			all = append(all, refusal{name + "/no " + what, binding.ErrArgument, func(s *binding.Scope) {
				in := operands(s)
				in[i] = binding.Tensor{}
				call(s, smallFlow, in[0], in[1], in[2])
			}})
		}
	}
	holdRefusals(t, all)
}

func TestFlowRefusesBadPermutations(t *testing.T) {
	cyclic := []float64{0, 1, 0, 0, 0, 1, 1, 0, 0}
	with := func(at int, v float64) []float64 { p := slices.Clone(cyclic); p[at] = v; return p }
	var all []refusal
	for name, call := range flowCalls {
		add := func(what string, kind binding.Kind, number int, shape []int64, values []float64) {
			all = append(all, refusal{name + "/" + what, kind, func(s *binding.Scope) {
				f := smallFlow
				for range number {
					f.Permutations = append(f.Permutations, s.FromFloat64s(values, binding.Float64, binding.CPU, shape...))
				}
				call(s, f, zeros(s, 5, 3), zeros(s, 5, 2), zeros(s, smallFlowParameters))
			}})
		}
		square := []int64{3, 3}
		add("one for two stages", binding.ErrArgument, 1, square, cyclic)
		add("three for two stages", binding.ErrArgument, 3, square, cyclic)
		add("a column without a one", binding.ErrArgument, 2, square, with(1, 0))
		add("a row twice", binding.ErrArgument, 2, square, []float64{1, 1, 0, 0, 0, 1, 0, 0, 0})
		add("two ones in a column", binding.ErrArgument, 2, square, with(0, 1))
		add("a half", binding.ErrArgument, 2, square, with(1, 0.5))
		add("flat", binding.ErrShape, 2, []int64{9}, cyclic)
		add("too small", binding.ErrShape, 2, []int64{2, 2}, []float64{1, 0, 0, 1})
	}
	holdRefusals(t, all)
}

// One row of conditions, or one repeated without a copy, is the same as that row for all.
func TestFlowTakesOneConditionForAll(t *testing.T) {
	bindingtest.NoLeak(t)
	for number, c := range flowCases() {
		s := bindingtest.Open(t)
		in := tensors(s, operands(c.forwardLaw().law, uint64(number)), binding.Float64, binding.CPU)
		one := s.Narrow(in[1], 0, 0, 1)
		repeated := s.Expand(one, c.batch, c.Conditions)
		f := c.on(s, in[0])
		forward := func(y binding.Tensor) []float64 {
			z, logDet := s.FlowForward(f, in[0], y, in[2])
			return append(float64s(t, s, z), float64s(t, s, logDet)...)
		}
		want, wantBack := forward(s.Clone(repeated)), float64s(t, s, s.FlowInverse(f, in[0], s.Clone(repeated), in[2]))
		for _, y := range []binding.Tensor{one, repeated} {
			near(t, want, forward(y), 1e-13)
			near(t, wantBack, float64s(t, s, s.FlowInverse(f, in[0], y, in[2])), 1e-12)
		}
		assert.NoError(t, s.Err())
	}
}
