package nn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

func TestNamesShapesAndOrder(t *testing.T) {
	bindingtest.NoLeak(t)
	p := newModel(t, on(binding.Float32, 1)).params
	var names []string
	total := 0
	for _, q := range p.List() {
		names = append(names, q.Name)
		shape, err := bindingtest.Open(t).Shape(q.Tensor())
		require.NoError(t, err)
		assert.Equal(t, q.Shape, shape, q.Name)
		total += q.Size()
	}
	assert.Equal(t, []string{"network.0.weight", "network.0.bias", "network.1.weight", "network.1.bias", "offset"}, names)
	assert.Equal(t, []int64{5, 3}, p.List()[0].Shape)
	assert.Equal(t, []int64{}, p.List()[4].Shape)
	assert.Equal(t, 15+5+10+2+1, total)
	assert.Equal(t, total, p.Count(), "buffers do not count")
	require.Len(t, p.Buffers(), 1)
	assert.Equal(t, "scale", p.Buffers()[0].Name)
	assert.Equal(t, architecture, p.Architecture())
	assert.Equal(t, binding.Float32, p.DType())
	assert.Equal(t, binding.CPU, p.Device())
}

func TestLayoutsThatMakeNoSense(t *testing.T) {
	bindingtest.NoLeak(t)
	for want, lay := range map[string]func(*nn.Layout){
		"none":                 func(*nn.Layout) {},
		"there are none":       func(l *nn.Layout) { l.Buffer("a", nn.Constant(0), 1) },
		`"a" is used twice`:    func(l *nn.Layout) { l.Param("a", nn.Constant(0), 1); l.Param("a", nn.Constant(0), 2) },
		`"b" is used twice`:    func(l *nn.Layout) { l.Param("b", nn.Constant(0), 1); l.Buffer("b", nn.Constant(0), 1) },
		"c has shape [2 0]":    func(l *nn.Layout) { l.Param("c", nn.Constant(0), 2, 0) },
		"d has shape [-1]":     func(l *nn.Layout) { l.Param("a", nn.Constant(0)); l.Buffer("d", nn.Constant(0), -1) },
		"e.0.weight has shape": func(l *nn.Layout) { l.MLP("e", false, 0, 3) },
	} {
		var l nn.Layout
		lay(&l)
		p, err := l.Allocate(architecture, on(binding.Float32, 1))
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "nn: lay out parameters: ")
		assert.Nil(t, p)
		assert.NoError(t, p.Close())
	}
}

func TestAllocationThatFailsLeavesNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	for kind, at := range map[binding.Kind]nn.Placement{
		binding.ErrDType:  on(binding.Int64, 1),
		binding.ErrDevice: {Device: binding.CUDA(127), DType: binding.Float32},
	} {
		var l nn.Layout
		l.MLP("network", false, 3, 2)
		_, err := l.Allocate(architecture, at)
		assert.ErrorIs(t, err, kind)
		assert.ErrorContains(t, err, "nn: allocate test: ")
	}
}

func TestFirstValuesDependOnlyOnTheSeed(t *testing.T) {
	bindingtest.NoLeak(t)
	double := newModel(t, on(binding.Float64, 7)).values(t)
	assert.Equal(t, double, newModel(t, on(binding.Float64, 7)).values(t))
	assert.NotEqual(t, double, newModel(t, on(binding.Float64, 8)).values(t))
	for i, single := range newModel(t, on(binding.Float32, 7)).values(t) {
		assert.Equal(t, float64(float32(double[i])), single, "the other element type rounds the same values")
	}
}

// PyTorch's nn.Linear starts weights and biases uniformly within 1/√inputs.
func TestMLPStart(t *testing.T) {
	bindingtest.NoLeak(t)
	var l nn.Layout
	l.MLP("a", true, 100, 400, 50)
	p, err := l.Allocate(architecture, on(binding.Float64, 3))
	require.NoError(t, err)
	defer p.Close()
	for _, q := range p.List()[:2] {
		values := bindingtest.Values(t, q.Tensor())
		sum, largest := 0.0, 0.0
		for _, v := range values {
			sum += v * v
			largest = max(largest, math.Abs(v))
		}
		assert.LessOrEqual(t, largest, 0.1)
		assert.Greater(t, largest, 0.095)
		// Five standard errors of the mean square of a uniform distribution, whose fourth moment is b⁴/5.
		n := float64(len(values))
		assert.InDelta(t, 0.01/3, sum/n, 5*0.01*math.Sqrt(1.0/5-1.0/9)/math.Sqrt(n))
	}
	for _, q := range p.List()[2:] {
		assert.Equal(t, make([]float64, q.Size()), bindingtest.Values(t, q.Tensor()), "zeroLast")
	}
}
