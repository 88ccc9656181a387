package modelbench

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The clock of a process runs while it computes.
func TestProcessTime(t *testing.T) {
	before, ok := processTime(os.Getpid())
	if !ok {
		t.Skipf("%s does not say how long threads have run", runtime.GOOS)
	}
	const burnt = 30 * time.Millisecond
	for spent := before; spent < before+burnt; spent, _ = processTime(os.Getpid()) {
		runtime.Gosched()
	}
	after, _ := processTime(os.Getpid())
	assert.GreaterOrEqual(t, after-before, burnt)
	_, ok = processTime(-1)
	assert.False(t, ok)
}

// A process that computes nothing is found idle, and waiting for one that does not come to rest can be interrupted.
func TestAwaitIdle(t *testing.T) {
	require.NoError(t, awaitIdle(t.Context(), []int{1}))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	assert.ErrorIs(t, awaitIdle(ctx, []int{os.Getpid()}), context.Canceled)
}
