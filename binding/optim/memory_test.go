package optim_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// stepsVariable sets the number of steps that the test of memory makes.
const stepsVariable = "CEI_TEST_STEPS"

const (
	usualSteps = 4000
	warmSteps  = 1000 // after which caches and heaps have their size
)

// residentMiB returns the process's resident set size.
func residentMiB(t *testing.T) float64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skipf("the resident set size is read where Linux tells it: %v", err)
	}
	var total, resident int
	_, err = fmt.Sscan(string(text), &total, &resident)
	require.NoError(t, err)
	return float64(resident*os.Getpagesize()) / (1 << 20)
}

func TestMemoryIsFlat(t *testing.T) {
	bindingtest.NoLeak(t)
	steps := usualSteps
	if text := os.Getenv(stepsVariable); text != "" {
		var err error
		steps, err = strconv.Atoi(text)
		require.NoError(t, err, stepsVariable)
		require.Greater(t, steps, warmSteps, stepsVariable)
	}
	var warmMiB float64
	var warmLive int
	_, err := train(training{seed: 1, steps: steps, each: func(step int) {
		if step%warmSteps != 0 {
			return
		}
		live, _, err := binding.Live()
		require.NoError(t, err)
		now := residentMiB(t)
		if step == warmSteps {
			warmMiB, warmLive = now, live
		}
		if step == warmSteps || step%(10*warmSteps) == 0 || step == steps {
			t.Logf("step %d: %.1f MiB resident, %d live tensors", step, now, live)
		}
		require.Equal(t, warmLive, live, "step %d", step)
		require.InDelta(t, warmMiB, now, 8, "MiB resident at step %d", step)
	}})
	require.NoError(t, err)
	assert.Positive(t, warmMiB)
}
