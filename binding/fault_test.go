package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/cgo"
)

// Package cgo's tests throw every fault in every entry; these show what a scope makes of them.
func TestExceptionsBecomeErrorsOfAScope(t *testing.T) {
	bindingtest.NoLeak(t)
	for fault, kind := range map[cgo.Fault]binding.Kind{
		cgo.TorchFault: binding.ErrTorch, cgo.StdFault: binding.ErrTorch,
		cgo.MemoryFault: binding.ErrOutOfMemory, cgo.ForeignFault: binding.ErrTorch,
	} {
		s := bindingtest.Open(t)
		x := vector(s, 1)
		var native cgo.Error
		require.Equal(t, cgo.OK, cgo.ArmFault(fault, &native))
		assert.False(t, s.Exp(x).Valid())
		require.ErrorIs(t, s.Err(), kind)
		assertReadable(t, s.Err().Error())
		require.NoError(t, s.Reset())
		assert.Equal(t, 3.0, item(t, s, vector(s, 3)))
	}
}

func TestAFailedCopyIsAnErrorOfTheScope(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	var native cgo.Error
	require.Equal(t, cgo.OK, cgo.ArmFault(cgo.StdFault, &native))
	assert.False(t, vector(s, 1).Valid())
	assert.EqualError(t, s.Err(), "binding: copy from host: injected standard error")
}
