package trainer_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// course is what must not depend on interruptions.
func course(t *testing.T, dir string) (all [][3]float64) {
	t.Helper()
	metrics, err := trainer.ReadMetrics(dir)
	require.NoError(t, err)
	for _, m := range metrics {
		all = append(all, [3]float64{m.TrainLoss, m.ValidationLoss, m.LearningRate})
	}
	return all
}

// fitUntil trains in dir and interrupts after that many steps of this call; 0 lets it end.
func fitUntil(t *testing.T, split *dataset.Split, dir string, steps int) []float64 {
	t.Helper()
	c := quick()
	c.Dir, c.Resume = dir, true
	m := newRegression(t, 1)
	fitSteps(t, m, split, c, steps)
	return m.weights(t)
}

func fitSteps(t *testing.T, m trainer.Model, split *dataset.Split, c trainer.Config, steps int) *trainer.Result {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	report := c.Progress
	c.Progress = func(p trainer.Progress) {
		if report != nil {
			report(p)
		}
		if p.Metrics != nil {
			return
		}
		if steps--; steps == 0 {
			cancel()
		}
	}
	result, err := trainer.Fit(ctx, m, split, c)
	if ctx.Err() != nil {
		require.ErrorIs(t, err, context.Canceled)
	} else {
		require.NoError(t, err)
	}
	return result
}

func TestResumeIsExact(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 600) // 7 steps an epoch
	whole, broken := t.TempDir(), t.TempDir()
	want := fitUntil(t, split, whole, 0)
	for _, steps := range []int{1, 6, 7, 3, 14} { // within epochs, at their ends, twice in one
		fitUntil(t, split, broken, steps)
	}
	require.Equal(t, want, fitUntil(t, split, broken, 0))
	requireSameRun(t, whole, broken)
}

func requireSameRun(t *testing.T, whole, broken string) {
	t.Helper()
	require.Equal(t, course(t, whole), course(t, broken))
	for _, name := range []string{trainer.ModelFile, trainer.StateFile} {
		a, err := os.ReadFile(filepath.Join(whole, name))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(broken, name))
		require.NoError(t, err)
		require.Equal(t, a, b, name)
	}
}

// moody is a context that is cancelled when it is looked at for the n-th time, wherever that is.
type moody struct {
	context.Context
	cancel context.CancelFunc
	looks  *atomic.Int64 // that are left
}

func newMoody(looks int64) moody {
	ctx, cancel := context.WithCancel(context.Background())
	m := moody{ctx, cancel, new(atomic.Int64)}
	m.looks.Store(looks)
	return m
}

func (m moody) Err() error {
	if m.looks.Add(-1) <= 0 {
		m.cancel()
	}
	return m.Context.Err()
}

func TestResumeIsExactWhereverItWasInterrupted(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole := smoothSplit(t, 300), t.TempDir() // 4 steps an epoch
	want := fitUntil(t, split, whole, 0)
	for looks := int64(1); looks < 20; looks++ {
		broken := t.TempDir()
		ctx := newMoody(looks)
		c := quick()
		c.Dir, c.Resume = broken, true
		_, err := trainer.Fit(ctx, newRegression(t, 1), split, c)
		require.ErrorIs(t, err, context.Canceled, "look %d", looks)
		require.Equal(t, want, fitUntil(t, split, broken, 0), "look %d", looks)
		requireSameRun(t, whole, broken)
	}
}

// A program that is killed leaves its last checkpoint, which may lie between an epoch's last step and its figures.
func TestResumeBeforeAnEpochIsMeasured(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole, killed := smoothSplit(t, 300), t.TempDir(), t.TempDir()
	c := quick()
	c.Dir, c.Resume, c.CheckpointEvery = whole, true, 1 // a nanosecond: after each step
	c.Progress = func(p trainer.Progress) {
		if p.Metrics != nil && p.Epoch == 1 {
			require.Eventually(t, func() bool {
				epoch, step, err := trainer.CheckpointAt(whole)
				return err == nil && epoch == 0 && step == p.Steps
			}, time.Minute, time.Millisecond)
			require.NoError(t, os.CopyFS(killed, os.DirFS(whole)))
		}
	}
	fitSteps(t, newRegression(t, 1), split, c, 0)
	c.Dir, c.Progress = killed, nil
	fitSteps(t, newRegression(t, 1), split, c, 0)
	requireSameRun(t, whole, killed)
	want, err := trainer.ReadMetrics(whole)
	require.NoError(t, err)
	got, err := trainer.ReadMetrics(killed)
	require.NoError(t, err)
	require.Equal(t, want[0].Terms, got[0].Terms)
}

func TestResumeOfAnEndedRunChangesNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 300), t.TempDir()
	want := fitUntil(t, split, dir, 0)
	before := course(t, dir)
	require.Equal(t, want, fitUntil(t, split, dir, 0))
	require.Equal(t, before, course(t, dir))
}

func TestResumeRefusesAnotherTraining(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 300), t.TempDir()
	fitUntil(t, split, dir, 3)
	c := quick()
	c.Dir, c.Resume, c.Batch = dir, true, 17
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.ErrorContains(t, err, "training settings differ")

	c = quick()
	c.Dir, c.Resume = dir, true
	_, err = trainer.Fit(context.Background(), newRegression(t, 1), smoothSplit(t, 400), c)
	require.ErrorContains(t, err, "differ")
}

// The model is rewritten whenever a training ends: what became of it meanwhile does not matter.
func TestResumeMendsTheModel(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole := smoothSplit(t, 300), t.TempDir()
	fitUntil(t, split, whole, 0)
	for name, damage := range map[string]func(path string) error{
		"missing": os.Remove,
		"torn":    func(path string) error { return os.Truncate(path, 100) },
	} {
		t.Run(name, func(t *testing.T) {
			ended := copyOf(t, whole)
			require.NoError(t, damage(filepath.Join(ended, trainer.ModelFile)))
			fitUntil(t, split, ended, 0)
			requireSameRun(t, whole, ended)
		})
	}
}

func TestStartingAnewReplacesARun(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 300), t.TempDir()
	fitUntil(t, split, dir, 0)
	c := quick()
	c.Dir, c.Epochs = dir, 2
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.NoError(t, err)
	require.Len(t, course(t, dir), 2)
}
