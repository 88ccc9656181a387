package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// metricsOf returns the metrics of epochs with these losses, training and validation.
func metricsOf(losses [][2]float64) (epochs []trainer.Metrics) {
	for i, l := range losses {
		epochs = append(epochs, trainer.Metrics{Epoch: i + 1, TrainLoss: l[0], ValidationLoss: l[1]})
	}
	return epochs
}

// newRun returns a run directory of epochs with these losses.
func newRun(t *testing.T, losses ...[2]float64) string {
	t.Helper()
	dir := t.TempDir()
	var lines bytes.Buffer
	for _, m := range metricsOf(losses) {
		line, err := json.Marshal(m)
		require.NoError(t, err)
		lines.Write(append(line, '\n'))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.MetricsFile), lines.Bytes(), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.ConfigFile), []byte(`{"format": 1, "model": {"kind": "cinn"}}`), 0o600))
	return dir
}
