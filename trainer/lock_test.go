//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package trainer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// Of two trainings at once, one's weights would lie beside the other's settings.
func TestOneTrainingInADirectory(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	c.Epochs, c.Dir = 2, t.TempDir()
	second := c
	var refused, ensemble error
	c.Progress = func(trainer.Progress) {
		if refused == nil {
			_, refused = trainer.Fit(context.Background(), newRegression(t, 1), split, second)
			_, ensemble = trainer.FitEnsemble(context.Background(), 2, func(int, uint64) (trainer.Model, error) { return newRegression(t, 1), nil }, split, second)
		}
	}
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.NoError(t, err)
	require.ErrorContains(t, refused, "another training is writing there")
	require.ErrorContains(t, ensemble, "another training is writing there")
	_, err = trainer.Fit(context.Background(), newRegression(t, 1), split, second)
	require.NoError(t, err)
}
