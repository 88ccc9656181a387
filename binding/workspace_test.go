package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// A scope keeps one working memory for each element type over Reset, and frees it with Close.
func TestWorkspaceIsKeptOverResetAndFreed(t *testing.T) {
	bindingtest.NoLeak(t)
	before, _, err := binding.Live()
	require.NoError(t, err)
	live := func() int {
		now, _, err := binding.Live()
		require.NoError(t, err)
		return now - before
	}
	s := binding.NewScope(binding.NoGrad())
	for round, batch := range []int64{5, 700, 1} { // which need another size each
		for types, dtype := range []binding.DType{binding.Float64, binding.Float32} {
			g := s.Zeros(dtype, binding.CPU, smallFlowParameters)
			s.FlowGradient(smallFlow, s.Zeros(dtype, binding.CPU, batch, 3), s.Zeros(dtype, binding.CPU, batch, 2),
				s.Zeros(dtype, binding.CPU, smallFlowParameters), g)
			require.NoError(t, s.Err())
			require.NoError(t, s.Reset())
			want := types + 1
			if round > 0 {
				want = 2
			}
			assert.Equal(t, want, live(), "round %d, %s", round, dtype)
		}
	}
	require.NoError(t, s.Close())
	assert.Zero(t, live())
	assert.NoError(t, s.Close())
}

// A failure on the way leaves the scope usable after Reset, and nothing behind.
func TestWorkspaceOutlivesFailures(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t, binding.NoGrad())
	for range 3 {
		s.FlowGradient(smallFlow, zeros(s, 5, 4), zeros(s, 5, 2), zeros(s, smallFlowParameters), zeros(s, smallFlowParameters))
		assert.ErrorIs(t, s.Err(), binding.ErrShape)
		require.NoError(t, s.Reset())
		s.FlowGradient(smallFlow, binding.Tensor{}, zeros(s, 5, 2), zeros(s, smallFlowParameters), zeros(s, smallFlowParameters))
		assert.ErrorIs(t, s.Err(), binding.ErrArgument)
		require.NoError(t, s.Reset())
		s.FlowGradient(smallFlow, zeros(s, 5, 3), zeros(s, 5, 2), zeros(s, smallFlowParameters), zeros(s, smallFlowParameters))
		require.NoError(t, s.Err())
		require.NoError(t, s.Reset())
	}
}
