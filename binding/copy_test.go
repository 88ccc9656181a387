package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestCloneHasStorageOfItsOwnAndDetachHasNot(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := vector(s, 1, 2)
	clone, detached := s.Clone(a), s.Detach(a)
	s.Zero(a)
	assert.Equal(t, []float64{1, 2}, float64s(t, s, clone))
	assert.Equal(t, []float64{0, 0}, float64s(t, s, detached))
}

func TestDetachCutsTheGraph(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := vector(s, 3)
	s.RequireGrad(a)
	// The derivative of a·stop(a) is stop(a), not 2a.
	slope := s.Gradient(s.Mul(a, s.Detach(a)), a)
	assert.Equal(t, 3.0, item(t, s, slope[0]))
}

func TestToKeepsWhatIsThereAlready(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := vector(s, 1.0/3)
	same := s.To(a, binding.Float64, binding.CPU)
	single := s.To(a, binding.Float32, binding.CPU)
	s.Zero(a)
	assert.Equal(t, 0.0, item(t, s, same))
	assert.Equal(t, float64(float32(1.0)/3), item(t, s, single))
	dtype, err := s.DTypeOf(single)
	require.NoError(t, err)
	assert.Equal(t, binding.Float32, dtype)
}

func TestCopyConvertsAndWritesThroughViews(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := s.FromFloat64s([]float64{1, 2, 3, 4}, binding.Float64, binding.CPU, 2, 2)
	s.Copy(s.Narrow(a, 1, 0, 1), s.FromInt64s([]int64{8, 9}, binding.CPU, 2, 1))
	assert.Equal(t, []float64{8, 2, 9, 4}, float64s(t, s, a))
}

func TestCopyIntoALeafIsUnseenByAutograd(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := vector(s, 1)
	s.RequireGrad(a)
	s.Copy(a, vector(s, 5))
	require.NoError(t, s.Backward(s.Sum(s.Square(a))))
	assert.Equal(t, 10.0, item(t, s, s.Grad(a)))
	s.Zero(a)
	assert.Equal(t, 0.0, item(t, s, a))
}

func TestCopyRefusesOtherShapes(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, source := range [][]int64{{1}, {}, {3}, {2, 1}, {1, 2}} {
		s := bindingtest.Open(t)
		target := vector(s, 1, 2)
		s.Copy(target, s.Zeros(binding.Float64, binding.CPU, source...))
		assert.ErrorIs(t, s.Err(), binding.ErrShape, "%v", source)
		assert.Equal(t, []float64{1, 2}, float64s(t, bindingtest.Open(t), target))
	}
}

// Bridges see the same at::Tensor: what one side writes the other reads, and each frees its own handle.
func TestNativeHandlesShareStorage(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := vector(s, 1, 2)
	alias := s.FromNative(a.NativeHandle())
	assert.NotEqual(t, a.NativeHandle(), alias.NativeHandle())
	s.Zero(a)
	assert.Equal(t, []float64{0, 0}, float64s(t, s, alias))
	assert.Zero(t, binding.Tensor{}.NativeHandle())
}

// The exported tensor leaks here: only C++ code can delete it.
func TestExportedTensorsAreTheCallersToFree(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	a := vector(s, 7)
	before, _, err := binding.Live()
	require.NoError(t, err)
	address, err := s.ToNative(a)
	require.NoError(t, err)
	after, _, err := binding.Live()
	require.NoError(t, err)
	assert.Equal(t, before, after, "an exported tensor is not counted as live")
	assert.Equal(t, 7.0, item(t, s, s.FromNative(address)))
}

func TestNullIsNoNativeTensor(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	assert.False(t, s.FromNative(0).Valid())
	assert.ErrorIs(t, s.Err(), binding.ErrArgument)
	_, err := s.ToNative(vector(s, 1))
	assert.ErrorIs(t, err, binding.ErrArgument, "the first error stays")
}
