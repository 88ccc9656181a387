package trainer_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

func TestRunDirectory(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 300), filepath.Join(t.TempDir(), "deep", "run")
	m := newRegression(t, 1)
	c := quick()
	c.Dir, c.Settings = dir, json.RawMessage(`{"mine":1}`)
	_, err := trainer.Fit(context.Background(), m, split, c)
	require.NoError(t, err)

	run, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	require.Equal(t, "regression", run.Model.Kind)
	require.Equal(t, split.Encoding, run.Encoding)
	require.Equal(t, trainer.SplitConfig{Rows: 300, Fractions: split.Fractions, Seed: split.Seed}, run.Split)
	require.JSONEq(t, `{"mine":1}`, string(run.Settings))
	require.Equal(t, binding.Float32, run.DType)

	saved := newRegression(t, 99)
	require.NoError(t, saved.params.Load(filepath.Join(dir, trainer.ModelFile)))
	require.Equal(t, m.weights(t), saved.weights(t), "model.safetensors holds the best weights")

	metrics, err := trainer.ReadMetrics(dir)
	require.NoError(t, err)
	require.Len(t, metrics, c.Epochs)
	for i, e := range metrics {
		require.Equal(t, i+1, e.Epoch)
		require.InDelta(t, e.TrainLoss, e.Terms["squares"], 1e-12, "the only term is the loss")
		require.Positive(t, e.EventsPerS)
	}
}

func TestReadRunConfigRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := trainer.ReadRunConfig(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "is "+dir+" a run directory?")
	path := filepath.Join(dir, trainer.ConfigFile)
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o644))
	_, err = trainer.ReadRunConfig(dir)
	require.ErrorContains(t, err, path)
	require.NoError(t, os.WriteFile(path, []byte(`{"format":99}`), 0o644))
	_, err = trainer.ReadRunConfig(dir)
	require.ErrorContains(t, err, "format 99")
}

func TestReadMetricsRefusesALongLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, trainer.MetricsFile)
	require.NoError(t, os.WriteFile(path, []byte(`{"epoch":1,"train_loss":2}`+"\n"), 0o600))
	require.NoError(t, os.Truncate(path, 2<<20))
	_, err := trainer.ReadMetrics(dir)
	require.ErrorContains(t, err, path+":2: expected the figures of an epoch, found a line of more than 1048576 bytes")
}

func TestReadMetricsLeavesOutALineCutOff(t *testing.T) {
	dir := t.TempDir()
	text := `{"epoch":1,"train_loss":2}` + "\n" + `{"epoch":2,"tra`
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.MetricsFile), []byte(text), 0o644))
	all, err := trainer.ReadMetrics(dir)
	require.NoError(t, err)
	require.Len(t, all, 1)
}
