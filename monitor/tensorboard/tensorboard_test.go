package tensorboard

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TensorBoard's own readers find what was written; of a training that was killed in the middle of a record, and resumed from
// an earlier step, what the resumed one says.
func TestTensorBoardReadsIt(t *testing.T) {
	if text, err := exec.CommandContext(t.Context(), "python3", "-c", "import tensorboard").CombinedOutput(); err != nil {
		t.Skipf("python3 has no tensorboard: %v: %s", err, bytes.TrimSpace(text))
	}
	dir := t.TempDir()
	first := session(t, dir, 1, 4, 2)
	info, err := os.Stat(first)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(first, info.Size()-5))
	session(t, dir, 3, 6, 3)
	command := exec.CommandContext(t.Context(), "python3", "testdata/read.py", dir)
	command.Stderr = os.Stderr
	text, err := command.Output()
	require.NoError(t, err)
	var found map[string]map[string][][2]float64
	require.NoError(t, json.Unmarshal(text, &found))
	for _, reader := range []string{"events", "dashboard"} {
		assert.Equal(t, [][2]float64{{1, 1.5}, {2, 1}, {3, 1.5}, {4, 1}, {5, 0.5}, {6, 0}}, found[reader]["train_loss"], reader)
		require.Len(t, found[reader]["term/kl"], 6, reader)
		for i, point := range found[reader]["term/kl"] {
			assert.InDelta(t, 0.1*float64(i+1), point[1], 1e-6, reader)
		}
	}
}
