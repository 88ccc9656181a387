package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// newEnsemble returns the directory of an ensemble whose members have these courses.
func newEnsemble(t *testing.T, courses ...[][2]float64) string {
	t.Helper()
	dir := t.TempDir()
	for i, losses := range courses {
		require.NoError(t, os.Rename(newRun(t, losses...), trainer.MemberDir(dir, i+1)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte(`{"format": 1, "members": 4}`), 0o600))
	return dir
}

// Members that are not begun, or have completed no epoch, have no curve; the others may be of any length.
func TestEnsembleCurve(t *testing.T) {
	for name, losses := range courses() {
		t.Run(name, func(t *testing.T) {
			dir := newEnsemble(t, losses, [][2]float64{{1, 1}, {0.5, 0.6}}, nil)
			require.NoError(t, EnsembleCurve(dir))
			decodePNG(t, filepath.Join(dir, "learning_curve.png"))
			words := wordsOfSVG(t, filepath.Join(dir, "learning_curve.svg"))
			for _, word := range []string{"cINN, ensemble of 2", "epoch", "validation loss", "a member", "its best epoch"} {
				assert.Contains(t, words, word)
			}
			assert.NotContains(t, words, "NaN")
		})
	}
}

func TestEnsembleCurveOfNothing(t *testing.T) {
	dir := newEnsemble(t, nil)
	require.NoError(t, EnsembleCurve(dir))
	assert.NoFileExists(t, filepath.Join(dir, "learning_curve.png"))
}

func TestEnsembleCurveErrors(t *testing.T) {
	dir := newEnsemble(t, [][2]float64{{1, 1}})
	require.NoError(t, os.Remove(filepath.Join(trainer.MemberDir(dir, 1), trainer.ConfigFile)))
	assert.ErrorContains(t, EnsembleCurve(dir), trainer.MemberDir(dir, 1))
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte("{"), 0o600))
	assert.ErrorContains(t, EnsembleCurve(dir), trainer.EnsembleFile)
}
