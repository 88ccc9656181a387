//go:build gotorch

package gotorch_test

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/gotorch"
)

var dtypes = map[binding.DType]int8{binding.Float32: torch.Float, binding.Float64: torch.Double, binding.Int64: torch.Long}

func TestRoundTripChangesNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	for dtype, theirs := range dtypes {
		for _, shape := range [][]int64{{}, {1}, {7}, {0, 3}, {2, 3}, {2, 1, 3, 2}} {
			s := bindingtest.Open(t)
			x := s.FromFloat64s(integers(count(shape)), dtype, binding.CPU, shape...)
			there := to(t, s, x)
			back := from(t, s, there)

			assert.Equal(t, theirs, there.Dtype())
			assert.Equal(t, shape, there.Shape())
			assert.Equal(t, bindingtest.Float64s(t, s, x), elements(t, there))
			assert.Equal(t, bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, back))
			backShape, err := s.Shape(back)
			require.NoError(t, err)
			assert.Equal(t, shape, backShape)
			backType, err := s.DTypeOf(back)
			require.NoError(t, err)
			assert.Equal(t, dtype, backType)
		}
	}
}

func TestChangeInPlaceIsSeenOnTheOtherSide(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	theirs := keep(t, torch.Full([]int64{2, 3}, 1, false))
	ours := from(t, s, theirs)
	one := keep(t, torch.Full([]int64{2, 3}, 1, false))

	keep(t, theirs.AddI(one, 4))
	assert.Equal(t, []float64{5, 5, 5, 5, 5, 5}, bindingtest.Float64s(t, s, ours))

	s.Copy(s.Narrow(ours, 0, 1, 1), s.FromFloat64s([]float64{7, 8, 9}, binding.Float32, binding.CPU, 1, 3))
	require.NoError(t, s.Err())
	assert.Equal(t, []float64{5, 5, 5, 7, 8, 9}, elements(t, theirs))
}

func TestViewCrossesAsView(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	whole := s.Zeros(binding.Float64, binding.CPU, 2, 3)
	column := to(t, s, s.Narrow(whole, 1, 1, 1))
	transposed := to(t, s, s.Transpose(whole, 0, 1))

	keep(t, column.AddI(keep(t, torch.NewTensor([][]float64{{3}, {4}})), 1))

	assert.Equal(t, []float64{0, 3, 0, 0, 4, 0}, bindingtest.Float64s(t, s, whole))
	assert.Equal(t, []int64{3, 2}, transposed.Shape())
	assert.Equal(t, []float64{0, 0, 3, 4, 0, 0}, elements(t, transposed))
}

func TestTheirsOutlivesTheScope(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	inner := binding.NewScope()
	theirs := to(t, inner, inner.FromFloat64s([]float64{1, 2, 3}, binding.Float64, binding.CPU, 3))
	require.NoError(t, inner.Close())

	assert.Equal(t, []float64{1, 2, 3}, elements(t, theirs))
	assert.Equal(t, []float64{1, 2, 3}, bindingtest.Float64s(t, s, from(t, s, theirs)))
}

func TestOursOutlivesTheFinalizer(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	freed := make(chan struct{})
	ours := func() binding.Tensor {
		theirs := torch.Full([]int64{1000}, 3, false)
		runtime.AddCleanup(theirs.T, func(freed chan struct{}) { close(freed) }, freed) // runs after the finalizer
		return from(t, s, theirs)
	}()
	collectUntil(t, freed)

	sum, err := s.Item(s.Sum(ours))
	require.NoError(t, err)
	assert.Equal(t, 3000.0, sum)
}

func collectUntil(t *testing.T, done <-chan struct{}) {
	t.Helper()
	for range 1000 {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
		}
	}
	require.Fail(t, "the collector did not finalize the tensor")
}

func TestDeviceStays(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	n, err := binding.CUDADevices()
	require.NoError(t, err)
	if n == 0 || !torch.IsCUDAAvailable() {
		x := from(t, s, torch.Full([]int64{2}, 1, false))
		device, err := s.DeviceOf(x)
		require.NoError(t, err)
		assert.Equal(t, binding.CPU, device)
		return
	}
	host := keep(t, torch.Full([]int64{2}, 1, false))
	theirs := keep(t, host.To(torch.NewDevice("cuda")))
	ours := from(t, s, theirs)
	device, err := s.DeviceOf(ours)
	require.NoError(t, err)
	assert.Equal(t, binding.CUDA(0), device)
	back := to(t, s, s.Add(ours, ours))
	assert.Equal(t, []float64{2, 2}, elements(t, back))
}

func TestRefusedTensors(t *testing.T) {
	bindingtest.NoLeak(t)
	full := keep(t, torch.Full([]int64{2}, 1, false))
	refused := map[string]torch.Tensor{
		"nil":        {},
		"nil cell":   {T: new(unsafe.Pointer)},
		"Byte":       keep(t, full.CastTo(torch.Byte)),
		"Half":       keep(t, full.CastTo(torch.Half)),
		"Bool":       keep(t, full.Eq(full)),
		"Int":        keep(t, full.CastTo(torch.Int)),
		"BFloat16":   keep(t, full.CastTo(torch.BFloat16)),
		"many sizes": keep(t, torch.Full([]int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, false)),
	}
	for name, theirs := range refused {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.Open(t)
			ours, err := gotorch.FromGoTorch(s, theirs)
			assert.ErrorContains(t, err, "binding: ")
			assert.ErrorIs(t, err, s.Err())
			assert.False(t, ours.Valid())

			_, second := gotorch.FromGoTorch(s, full)
			assert.ErrorIs(t, second, s.Err(), "the scope keeps its first error")
		})
	}
	runtime.KeepAlive(full.T)
}

func TestRefusedTensorsOfOurs(t *testing.T) {
	bindingtest.NoLeak(t)
	closed := binding.NewScope()
	gone := closed.Zeros(binding.Float32, binding.CPU, 2)
	require.NoError(t, closed.Close())

	s := bindingtest.Open(t)
	_, err := gotorch.ToGoTorch(s, gone)
	assert.ErrorIs(t, err, binding.ErrClosed)

	s = bindingtest.Open(t)
	_, err = gotorch.ToGoTorch(s, binding.Tensor{})
	assert.ErrorIs(t, err, binding.ErrArgument)

	_, err = gotorch.ToGoTorch(closed, gone)
	assert.ErrorIs(t, err, binding.ErrClosed)
	full := keep(t, torch.Full([]int64{2}, 1, false))
	_, err = gotorch.FromGoTorch(closed, full)
	assert.ErrorIs(t, err, binding.ErrClosed)
}

func count(shape []int64) int64 {
	n := int64(1)
	for _, size := range shape {
		n *= size
	}
	return n
}

// integers returns numbers that every element type holds exactly.
func integers(n int64) []float64 {
	r := rand.New(rand.NewPCG(uint64(n), 0))
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(r.IntN(2000) - 1000)
	}
	return values
}
