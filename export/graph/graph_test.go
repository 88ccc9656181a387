package graph_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/export/graph"
)

// evaluated returns what an operation on x [B,3] gives.
func evaluated(t *testing.T, dtype graph.DType, x []float64, do func(b *graph.Builder, x *graph.Value) *graph.Value) graph.Array {
	t.Helper()
	b := &graph.Builder{}
	g, err := b.Finish(do(b, b.Input("x", dtype, 3)), "y")
	require.NoError(t, err)
	y, err := g.Evaluate(map[string]graph.Array{"x": {Shape: []int{len(x) / 3, 3}, Data: x}})
	require.NoError(t, err)
	return y
}

func TestOperations(t *testing.T) {
	e := math.E
	x := []float64{1, -2, 0.5, 3, 0, -1}
	for name, c := range map[string]struct {
		do    func(b *graph.Builder, x *graph.Value) *graph.Value
		shape []int
		want  []float64
	}{
		"elu":     {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.ELU(x) }, []int{2, 3}, []float64{1, 1/(e*e) - 1, 0.5, 3, 0, 1/e - 1}},
		"sum":     {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Sum(x) }, []int{2}, []float64{-0.5, 2}},
		"cumsum":  {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.CumSum(x) }, []int{2, 3}, []float64{1, -1, -0.5, 3, 3, 2}},
		"clamp":   {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Clamp(x, -1, 1) }, []int{2, 3}, []float64{1, -1, 0.5, 1, 0, -1}},
		"select":  {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Select(x, []int{2, 0}) }, []int{2, 2}, []float64{0.5, 1, -1, 3}},
		"slice":   {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Slice(x, 1, 3) }, []int{2, 2}, []float64{-2, 0.5, 0, -1}},
		"concat":  {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Concat(b.Slice(x, 2, 3), x) }, []int{2, 4}, []float64{0.5, 1, -2, 0.5, -1, 3, 0, -1}},
		"reshape": {func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Reshape(x, 3, 1) }, []int{2, 3, 1}, x},
		"where": {func(b *graph.Builder, x *graph.Value) *graph.Value {
			return b.Where(b.Less(x, b.Scalar(graph.Float64, 0)), b.Scalar(graph.Float64, 9), x)
		}, []int{2, 3}, []float64{1, 9, 0.5, 3, 0, 9}},
		"linear": {func(b *graph.Builder, x *graph.Value) *graph.Value {
			return b.Linear(x, b.Constant("w", graph.Float64, []float64{1, 0, 2, 0, 1, 0}, 2, 3), b.Constant("b", graph.Float64, []float64{10, 20}, 2))
		}, []int{2, 2}, []float64{12, 18, 11, 20}},
		"count and gather": {func(b *graph.Builder, x *graph.Value) *graph.Value {
			each := b.Reshape(x, 1, 3)
			return b.Gather(each, b.Count(b.AtLeast(each, b.Scalar(graph.Float64, 1))))
		}, []int{2, 1, 1}, []float64{-2, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			y := evaluated(t, graph.Float64, x, c.do)
			assert.Equal(t, c.shape, y.Shape)
			assert.InDeltaSlice(t, c.want, y.Data, 1e-15)
		})
	}
}

func TestSoftmaxAndSoftplusDoNotOverflow(t *testing.T) {
	y := evaluated(t, graph.Float64, []float64{1000, 1000, -1000}, func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Softmax(x) })
	assert.Equal(t, []float64{0.5, 0.5, 0}, y.Data)
	y = evaluated(t, graph.Float64, []float64{1000, 0, -1000}, func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Softplus(x) })
	assert.Equal(t, []float64{1000, math.Ln2, 0}, y.Data)
}

func TestFloat32IsRounded(t *testing.T) {
	y := evaluated(t, graph.Float32, []float64{0.1, 0.2, 0.3}, func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Scale(x, 3) })
	for i, x := range []float32{0.1, 0.2, 0.3} {
		assert.Equal(t, float64(x*3), y.Data[i])
	}
}

func TestFinishLeavesOutWhatIsNotNeeded(t *testing.T) {
	b := &graph.Builder{}
	x, unused := b.Input("x", graph.Float64, 2), b.Input("unused", graph.Float64, 1)
	b.Exp(b.Scale(x, 2))
	g, err := b.Finish(b.Log(x), "y")
	require.NoError(t, err)
	assert.Equal(t, []*graph.Value{x, unused, g.Output}, g.Steps, "inputs are the caller's to give")
	assert.Empty(t, g.Constants())
}

func TestBuilderRefuses(t *testing.T) {
	for says, build := range map[string]func(b *graph.Builder, x *graph.Value) *graph.Value{
		"add of float64 and float32": func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Add(x, b.Scalar(graph.Float32, 1)) },
		"3 numbers do not fill shape [2]": func(b *graph.Builder, x *graph.Value) *graph.Value {
			return b.Add(x, b.Constant("c", graph.Float64, make([]float64, 3), 2))
		},
		`the name "x" is used twice`:            func(b *graph.Builder, _ *graph.Value) *graph.Value { return b.Exp(b.Input("x", graph.Float64, 1)) },
		`the name "y" is used twice`:            func(b *graph.Builder, _ *graph.Value) *graph.Value { return b.Exp(b.Input("y", graph.Float64, 1)) },
		"where of float64, float64 and float64": func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Where(x, x, x) },
		"gather by float64":                     func(b *graph.Builder, x *graph.Value) *graph.Value { return b.Gather(x, x) },
		`the output "x" is no operation`:        func(_ *graph.Builder, x *graph.Value) *graph.Value { return x },
	} {
		b := &graph.Builder{}
		_, err := b.Finish(build(b, b.Input("x", graph.Float64, 2)), "y")
		assert.ErrorContains(t, err, says)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	b := &graph.Builder{}
	x := b.Input("x", graph.Float64, 2)
	g, err := b.Finish(b.Linear(x, b.Constant("w", graph.Float64, make([]float64, 3), 1, 3), b.Constant("b", graph.Float64, []float64{0}, 1)), "y")
	require.NoError(t, err)
	for says, inputs := range map[string]map[string]graph.Array{
		`input "x": it is not given`:                       {},
		"want shape [B,2]":                                 {"x": {Shape: []int{1, 3}, Data: make([]float64, 3)}},
		"1 numbers of shape [1 2]":                         {"x": {Shape: []int{1, 2}, Data: make([]float64, 1)}},
		"arguments of shapes [[1 2] [1 3] [1]] do not fit": {"x": {Shape: []int{1, 2}, Data: make([]float64, 2)}},
	} {
		_, err := g.Evaluate(inputs)
		assert.ErrorContains(t, err, says)
	}
}
