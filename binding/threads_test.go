package binding_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

func TestThreadsAreRuledForEveryThread(t *testing.T) {
	before, err := binding.Threads()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, binding.SetThreads(before)) })
	for _, n := range []int{1, 3, 2} {
		require.NoError(t, binding.SetThreads(n))
		seen := make(chan int)
		for range 4 {
			go func() {
				runtime.LockOSThread() // and never unlocked, so that each goroutine asks from a thread of its own
				got, _ := binding.Threads()
				seen <- got
			}()
		}
		for range 4 {
			assert.Equal(t, n, <-seen)
		}
	}
	for _, n := range []int{0, -1} {
		assert.ErrorIs(t, binding.SetThreads(n), binding.ErrArgument)
	}
	after, err := binding.Threads()
	require.NoError(t, err)
	assert.Equal(t, 2, after, "a refused number changes nothing")
}

func TestParallelInfo(t *testing.T) {
	text, err := binding.ParallelInfo()
	require.NoError(t, err)
	assert.Contains(t, text, "ATen")
	assert.Contains(t, text, "get_num_threads")
}
