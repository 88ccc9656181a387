package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestCloseFreesAllAndMayBeRepeated(t *testing.T) {
	bindingtest.NoLeak(t)
	s := binding.NewScope()
	before, _, err := binding.Live()
	require.NoError(t, err)
	var made []binding.Tensor
	for range 100 {
		made = append(made, s.Exp(vector(s, 1, 2)))
	}
	now, _, err := binding.Live()
	require.NoError(t, err)
	assert.Equal(t, before+200, now)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	for _, x := range made {
		assert.False(t, x.Valid())
		assert.Zero(t, x.NativeHandle())
	}
}

func TestUseAfterCloseOfTheScope(t *testing.T) {
	bindingtest.NoLeak(t)
	other := bindingtest.Open(t)
	x := vector(other, 1)
	s := binding.NewScope()
	require.NoError(t, s.Err())
	require.NoError(t, s.Close())
	assert.ErrorIs(t, s.Err(), binding.ErrClosed)
	assert.False(t, s.Exp(x).Valid())
	assert.False(t, vector(s, 1).Valid())
	_, err := s.Item(x)
	assert.ErrorIs(t, err, binding.ErrClosed)
	assert.ErrorIs(t, s.Backward(x), binding.ErrClosed)
	assert.ErrorIs(t, s.Reset(), binding.ErrClosed, "a closed scope stays closed")
	assert.False(t, other.Move(x, s).Valid())
	assert.ErrorIs(t, other.Err(), binding.ErrClosed)
	assert.True(t, x.Valid(), "a refused move leaves the tensor where it was")
}

func TestUseAfterCloseOfTheTensor(t *testing.T) {
	forEachLaw(t, func(t *testing.T, l law, on binding.Device, in []array) {
		gone := binding.NewScope()
		operands := tensors(gone, in, binding.Float64, on)
		require.NoError(t, gone.Close())
		s := bindingtest.Open(t)
		assert.False(t, l.apply(s, operands).Valid())
		assert.ErrorIs(t, s.Err(), binding.ErrClosed)
	})
}

func TestTheFirstErrorStays(t *testing.T) {
	forEachLaw(t, func(t *testing.T, l law, on binding.Device, in []array) {
		s := bindingtest.Open(t)
		operands := tensors(s, in, binding.Float64, on)
		s.MatMul(s.Zeros(binding.Float64, on, 2, 3), s.Zeros(binding.Float64, on, 2, 3))
		first := s.Err()
		require.ErrorIs(t, first, binding.ErrShape)
		tensorsNow, _, err := binding.Live()
		require.NoError(t, err)

		assert.False(t, l.apply(s, operands).Valid())
		assert.Same(t, first, s.Err())
		_, err = s.Float64s(operands[0])
		assert.Same(t, first, err, "every value that leaves returns it")
		after, _, err := binding.Live()
		require.NoError(t, err)
		assert.Equal(t, tensorsNow, after, "nothing is made after an error")
	})
}

// A chain written without a check ends in the error of its first link.
func TestErrorsPassThroughChains(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	z, logDet := s.Coupling(binding.Coupling{Networks: 2}, s.Log(s.SelectRows(vector(s, 1), vector(s, 0.5))), binding.Tensor{}, nil)
	_, err := s.Item(s.Mean(s.Add(s.Sum(z, 1), logDet)))
	assert.ErrorIs(t, err, binding.ErrDType)
	assert.ErrorContains(t, err, "binding: select rows: ")
	for _, slope := range s.Gradient(z, logDet, z) {
		assert.False(t, slope.Valid())
	}
	assert.Len(t, s.Parameters(z, logDet, []int64{1}, []int64{2}), 2)
	assert.Same(t, err, s.Backward(z))
}

func TestResetStartsAnew(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	x := vector(s, 1)
	_, err := s.Item(vector(s, 1, 2))
	require.Error(t, err)
	require.NoError(t, s.Reset())
	require.NoError(t, s.Err())
	assert.False(t, x.Valid())
	assert.Equal(t, 3.0, item(t, s, vector(s, 3)))
	s.Exp(x)
	assert.ErrorIs(t, s.Err(), binding.ErrClosed)
}

func TestMoveOutlivesItsScope(t *testing.T) {
	bindingtest.NoLeak(t)
	long, short := bindingtest.Open(t), binding.NewScope()
	x := vector(short, 1, 2)
	view := short.Move(short.Narrow(x, 0, 1, 1), long)
	require.NoError(t, short.Close())
	assert.True(t, view.Valid())
	assert.False(t, x.Valid())
	assert.Equal(t, 2.0, item(t, long, view), "a view keeps the storage that it shares")
}

func TestMoveTakesOnlyWhatTheScopeOwns(t *testing.T) {
	bindingtest.NoLeak(t)
	s, other := bindingtest.Open(t), bindingtest.Open(t)
	x := vector(s, 1)
	assert.Equal(t, x, s.Move(x, s))
	moved := s.Move(x, other)
	require.True(t, moved.Valid())
	assert.False(t, s.Move(x, other).Valid(), "moved away already")
	assert.ErrorIs(t, s.Err(), binding.ErrArgument)
	assert.False(t, other.Move(binding.Tensor{}, s).Valid())
	assert.ErrorIs(t, other.Err(), binding.ErrArgument)
	assert.False(t, other.Move(x, s).Valid(), "a scope with an error does nothing")
	assert.True(t, x.Valid())
}

func TestFailIsStickyToo(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	s.Fail(assert.AnError)
	s.Fail(binding.ErrShape)
	assert.Same(t, assert.AnError, s.Err())
	assert.False(t, vector(s, 1).Valid())
}

func TestTensorsCrossScopes(t *testing.T) {
	bindingtest.NoLeak(t)
	a, b := bindingtest.Open(t), bindingtest.Open(t)
	assert.Equal(t, []float64{5, 8}, float64s(t, b, b.Add(vector(a, 1, 2), vector(b, 4, 6))))
}
