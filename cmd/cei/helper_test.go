package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/trainer"
)

// simulated returns the path of a table of simulated events.
func simulated(t *testing.T, events int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.csv")
	succeed(t, "simulate", "--events", strconv.Itoa(events), "--out", path)
	return path
}

// trainArgs are those of a training that takes a moment.
func trainArgs(model, data, out string, more ...string) []string {
	return append([]string{
		"train", "--model", model, "--data", data, "--out", out, "--epochs", "3", "--hidden", "8,8", "--couplings", "2",
	}, more...)
}

// trainedRun returns the directory of a run and the table that it was trained on.
func trainedRun(t *testing.T, model string, more ...string) (dir, data string) {
	t.Helper()
	data, dir = simulated(t, 200), filepath.Join(t.TempDir(), "run")
	succeed(t, trainArgs(model, data, dir, more...)...)
	return dir, data
}

// losses returns what has to be the same whenever the same training is done: the epochs without their durations.
func losses(t *testing.T, dir string) []trainer.Metrics {
	t.Helper()
	epochs, err := trainer.ReadMetrics(dir)
	require.NoError(t, err)
	for i := range epochs {
		epochs[i].Seconds, epochs[i].EventsPerS = 0, 0
	}
	return epochs
}

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(content)
}

func writeFile(t *testing.T, name, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// decoded returns the object that a JSON text is, and fails where anything else is in it.
func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var object map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &object), "%s", text)
	return object
}

// filesIn returns the paths of all files in a directory, relative to it.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, name)
		}
		return err
	}))
	return names
}

// tableEndings are those of the formats that this build writes.
func tableEndings(t *testing.T) []string {
	t.Helper()
	endings := []string{".csv", ".tsv", ".csv.gz", ".parquet", ".npz", ".npy"}
	w, err := table.Create(filepath.Join(t.TempDir(), "a.h5"), []string{"a"}, nil)
	if err != nil {
		require.ErrorContains(t, err, "-tags hdf5")
		t.Log("without HDF5, which takes a build with -tags hdf5")
		return endings
	}
	require.NoError(t, w.Close())
	return append(endings, ".h5")
}
