package optim_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

// The model is so small that libtorch computes it with one thread anyway, and the numbers are the same.
func TestOneCPU(t *testing.T) {
	taskset, err := exec.LookPath("taskset")
	if err != nil {
		t.Skipf("taskset of util-linux is needed to hold a process to one CPU: %v", err)
	}
	bindingtest.NoLeak(t)
	self, err := os.Executable()
	require.NoError(t, err)
	command := exec.Command(taskset, "-c", "0", self)
	command.Env = append(os.Environ(), jobVariable+"=1")
	output, err := command.Output()
	require.NoError(t, err, "%s", output)
	var there []float64
	require.NoError(t, json.Unmarshal(output, &there))
	here, err := train(training{seed: 1, steps: 20})
	require.NoError(t, err)
	assert.InDeltaSlice(t, here, there, 1e-6)
}
