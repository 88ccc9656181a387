package trainer_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// patient is a model that settles until it is told to stop.
type patient struct {
	*regression
	settles func() // called when it begins
}

func (p patient) Settle(ctx context.Context, _ *binding.Scope, _, _ binding.Tensor) error {
	p.settles()
	<-ctx.Done()
	return ctx.Err()
}

// A model that would take too long to settle keeps no interrupted training from ending, with a checkpoint.
func TestInterruptedTrainingHasNoTimeToSettle(t *testing.T) {
	bindingtest.NoLeak(t)
	c := quick()
	c.Dir = t.TempDir()
	_, err := trainer.Fit(newMoody(5), patient{newRegression(t, 1), func() {}}, smoothSplit(t, 300), c)
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "no time was left to settle the model: "+filepath.Join(c.Dir, trainer.ModelFile)+" is not that of epoch ")
	assert.NoFileExists(t, filepath.Join(c.Dir, trainer.ModelFile))
	_, _, err = trainer.CheckpointAt(c.Dir)
	assert.NoError(t, err)
}

// An interruption while the model settles at the end loses no epoch.
func TestInterruptedWhileSettling(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := quick()
	c.Dir = t.TempDir()
	_, err := trainer.Fit(ctx, patient{newRegression(t, 1), cancel}, smoothSplit(t, 300), c)
	require.ErrorIs(t, err, context.Canceled)
	epoch, _, err := trainer.CheckpointAt(c.Dir)
	require.NoError(t, err)
	assert.Equal(t, c.Epochs, epoch)
}
