//go:build gotorch

package gotorch_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"
	"github.com/wangkuiyi/gotorch/nn/functional"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// operation is one that both sides have, or that one of them has and the other composes.
type operation struct {
	name   string
	shapes [][]int64 // of its operands
	ours   func(s *binding.Scope, x []binding.Tensor) binding.Tensor
	theirs func(x []torch.Tensor) torch.Tensor
}

var (
	pair     = [][]int64{{4, 3}, {3}} // broadcast
	matrix   = [][]int64{{4, 3}}
	infinity = math.Inf(1)
)

var operations = []operation{
	{"add", pair,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Add(x[0], x[1]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Add(x[0], x[1], 1) }},
	{"add scaled", pair,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Add(x[0], s.Scale(x[1], -2.5)) },
		func(x []torch.Tensor) torch.Tensor { return torch.Add(x[0], x[1], -2.5) }},
	{"sub", pair,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Sub(x[0], x[1]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Sub(x[0], x[1], 1) }},
	{"mul", pair,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Mul(x[0], x[1]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Mul(x[0], x[1]) }},
	{"div", pair,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Div(x[0], x[1]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Div(x[0], x[1]) }},
	{"matmul", [][]int64{{4, 3}, {3, 5}},
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.MatMul(x[0], x[1]) },
		func(x []torch.Tensor) torch.Tensor { return torch.MM(x[0], x[1]) }},
	{"linear", [][]int64{{4, 3}, {5, 3}, {5}},
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Linear(x[0], x[1], x[2]) },
		func(x []torch.Tensor) torch.Tensor { return functional.Linear(x[0], x[1], x[2]) }},
	{"one-layer MLP", [][]int64{{4, 3}, {5, 3}, {5}},
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.MLP(x[0], x[1:]) },
		func(x []torch.Tensor) torch.Tensor { return functional.Linear(x[0], x[1], x[2]) }},
	{"sum", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Sum(x[0]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Sum(x[0]) }},
	{"sum over a dimension", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Sum(x[0], 1) },
		func(x []torch.Tensor) torch.Tensor { return torch.Sum(x[0], map[string]any{"dim": 1}) }},
	{"mean", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Mean(x[0]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Mean(x[0]) }},
	{"tanh", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Tanh(x[0]) },
		func(x []torch.Tensor) torch.Tensor { return torch.Tanh(x[0]) }},
	{"exp, as sigmoid", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			denominator := s.Affine(s.Exp(s.Scale(x[0], -1)), 1, 1)
			return s.Div(s.Full(1, binding.Float64, binding.CPU), denominator)
		},
		func(x []torch.Tensor) torch.Tensor { return torch.Sigmoid(x[0]) }},
	{"clamp, as relu", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Clamp(x[0], 0, infinity) },
		func(x []torch.Tensor) torch.Tensor { return functional.Relu(x[0], false) }},
	{"clamp, as leaky relu", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			return s.Add(s.Clamp(x[0], 0, infinity), s.Scale(s.Clamp(x[0], -infinity, 0), 0.1))
		},
		func(x []torch.Tensor) torch.Tensor { return functional.LeakyRelu(x[0], 0.1, false) }},
	{"abs, as leaky relu", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Abs(x[0]) },
		func(x []torch.Tensor) torch.Tensor { return torch.LeakyRelu(x[0], -1) }},
	{"logsumexp, as log softmax", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			return s.Sub(x[0], s.Reshape(s.LogSumExp(x[0], 1), 4, 1))
		},
		func(x []torch.Tensor) torch.Tensor { return torch.LogSoftmax(x[0], 1) }},
	{"variance and sqrt, as batch norm", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			deviation := s.Sqrt(s.Affine(s.Variance(x[0], 0), 1, 0.1))
			return s.Div(s.Sub(x[0], s.Mean(x[0], 0)), deviation)
		},
		func(x []torch.Tensor) torch.Tensor {
			return functional.BatchNorm(x[0], torch.Tensor{}, torch.Tensor{}, torch.Tensor{}, torch.Tensor{}, true, 0.1, 0.1)
		}},
	{"log, as binary cross entropy", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			p := s.Affine(s.Tanh(x[0]), 0.5, 0.5)
			cross := s.Add(s.Scale(s.Log(p), 0.25), s.Scale(s.Log(s.Affine(p, -1, 1)), 0.75))
			return s.Scale(s.Mean(cross), -1)
		},
		func(x []torch.Tensor) torch.Tensor {
			quarter := torch.Full([]int64{4, 3}, 0.25, false)
			target := quarter.CastTo(x[0].Dtype())
			twice := torch.Add(x[0], x[0], 1)
			p := torch.Sigmoid(twice)
			defer runtime.KeepAlive(quarter.T)
			defer runtime.KeepAlive(twice.T)
			defer runtime.KeepAlive(p.T)
			defer runtime.KeepAlive(target.T)
			return functional.BinaryCrossEntropy(p, target, torch.Tensor{}, "mean")
		}},
	{"transpose", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Transpose(x[0], 0, 1) },
		func(x []torch.Tensor) torch.Tensor { return torch.Transpose(x[0], 0, 1) }},
	{"reshape", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Reshape(x[0], 2, -1) },
		func(x []torch.Tensor) torch.Tensor { return torch.View(x[0], 2, -1) }},
	{"expand", [][]int64{{1, 3}, {4, 3}},
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor { return s.Expand(x[0], 4, 3) },
		func(x []torch.Tensor) torch.Tensor { return torch.ExpandAs(x[0], x[1]) }},
	{"select rows", matrix,
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			return s.SelectRows(x[0], s.FromInt64s([]int64{2, 0, 2}, binding.CPU, 3))
		},
		func(x []torch.Tensor) torch.Tensor {
			index := torch.NewTensor([]int64{2, 0, 2})
			defer runtime.KeepAlive(index.T)
			return torch.IndexSelect(x[0], 0, index)
		}},
	{"cat, as stack", [][]int64{{4, 3}, {4, 3}},
		func(s *binding.Scope, x []binding.Tensor) binding.Tensor {
			return s.Cat(0, s.Reshape(x[0], 1, 4, 3), s.Reshape(x[1], 1, 4, 3))
		},
		func(x []torch.Tensor) torch.Tensor { return torch.Stack(x, 0) }},
}

// TestOperationsAgree holds results and gradients of package binding against gotorch's.
func TestOperationsAgree(t *testing.T) {
	bindingtest.NoLeak(t)
	tolerance := map[binding.DType]float64{binding.Float32: 1e-5, binding.Float64: 1e-13}
	for _, op := range operations {
		for dtype, tolerance := range tolerance {
			t.Run(op.name+" "+dtype.String(), func(t *testing.T) {
				s := bindingtest.Open(t)
				mine, counterparts := leaves(t, s, op.shapes, dtype), leaves(t, s, op.shapes, dtype)
				theirs := make([]torch.Tensor, len(counterparts))
				for i, x := range counterparts {
					theirs[i] = to(t, s, x)
				}
				got := op.ours(s, mine)
				want := from(t, s, keep(t, op.theirs(theirs)))

				same(t, s, want, got, tolerance, "result")
				backward(t, s, got)
				backward(t, s, want)
				for i := range mine {
					same(t, s, s.Grad(counterparts[i]), s.Grad(mine[i]), tolerance, "gradient")
				}
			})
		}
	}
}

// leaves returns tensors of the shapes that take gradients; the same ones in every call.
func leaves(t *testing.T, s *binding.Scope, shapes [][]int64, dtype binding.DType) []binding.Tensor {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]binding.Tensor, len(shapes))
	for i, shape := range shapes {
		values := make([]float64, count(shape))
		for j := range values {
			values[j] = r.NormFloat64()
		}
		all[i] = s.FromFloat64s(values, dtype, binding.CPU, shape...)
		s.RequireGrad(all[i])
	}
	require.NoError(t, s.Err())
	return all
}

// backward goes back from the sum of the squares of y, each with a weight of its own so that no gradient cancels.
func backward(t *testing.T, s *binding.Scope, y binding.Tensor) {
	t.Helper()
	shape, err := s.Shape(y)
	require.NoError(t, err)
	dtype, err := s.DTypeOf(y)
	require.NoError(t, err)
	weights := make([]float64, count(shape))
	for i := range weights {
		weights[i] = float64(i+1) / float64(len(weights))
	}
	weighted := s.Mul(s.Square(y), s.FromFloat64s(weights, dtype, binding.CPU, shape...))
	require.NoError(t, s.Backward(s.Sum(weighted)))
}

func same(t *testing.T, s *binding.Scope, want, got binding.Tensor, tolerance float64, what string) {
	t.Helper()
	wantShape, err := s.Shape(want)
	require.NoError(t, err)
	gotShape, err := s.Shape(got)
	require.NoError(t, err)
	assert.Equal(t, wantShape, gotShape, what)
	near(t, bindingtest.Float64s(t, s, want), bindingtest.Float64s(t, s, got), tolerance, what)
}
