//go:build linux

package trainer_test

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// atEpoch returns a training in dir that does something when an epoch has ended, and writes a checkpoint after each step.
func atEpoch(dir string, epoch int, do func()) trainer.Config {
	c := quick()
	c.Dir, c.Resume, c.CheckpointEvery = dir, true, 1
	c.Progress = func(p trainer.Progress) {
		if p.Metrics != nil && p.Epoch == epoch {
			do()
		}
	}
	return c
}

// A disk that becomes full ends the training with an error that names the file and the cause. The checkpoint before stays,
// and training goes on from it when there is room. The test limits the size of files instead, in a process of its own.
func TestFullDiskEndsTraining(t *testing.T) {
	if os.Getenv("CEI_TEST_FULL_DISK") == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestFullDiskEndsTraining$")
		command.Env = append(os.Environ(), "CEI_TEST_FULL_DISK=1")
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		return
	}
	bindingtest.NoLeak(t)
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	split, undisturbed, dir := smoothSplit(t, 300), t.TempDir(), t.TempDir()
	want := fitUntil(t, split, undisturbed, 0)
	full := atEpoch(dir, 3, func() {
		_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 12, Max: limit.Max}) // the figures still fit
	})
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, full)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.ErrorContains(t, err, "trainer: write checkpoint: write "+filepath.Join(dir, trainer.StateFile)+": ")
	epoch, _, err := trainer.CheckpointAt(dir)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, epoch, 2)
	got, warnings, err := resumed(t, split, dir)
	require.NoError(t, err)
	assert.Empty(t, warnings)
	assert.Equal(t, want, got)
	requireSameRun(t, undisturbed, dir)
}

// A run directory that goes, or is another one all at once, is not made anew: half a run would be in it.
func TestVanishedDirectoryEndsTraining(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	for says, do := range map[string]func(dir string) error{
		"the run directory is gone": func(dir string) error { return os.Rename(dir, dir+"-old") },
		"is another one than that which training began in": func(dir string) error {
			if err := os.Rename(dir, dir+"-old"); err != nil {
				return err
			}
			return os.Mkdir(dir, 0o700)
		},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, atEpoch(dir, 2, func() { assert.NoError(t, do(dir)) }))
		require.ErrorContains(t, err, "trainer: write checkpoint: ")
		require.ErrorContains(t, err, says) // as the model cannot be saved either, if a checkpoint was just being written
		require.ErrorContains(t, err, dir)
		entries, _ := os.ReadDir(dir)
		require.Empty(t, entries)
	}
}

// What was half written when a program was killed does not stay.
func TestLeftoversGo(t *testing.T) {
	split, dir := smoothSplit(t, 300), t.TempDir()
	fitUntil(t, split, dir, 5)
	left, mine := filepath.Join(dir, "last", ".state.safetensors.1f"), filepath.Join(dir, "last", ".state.safetensors.mine")
	for _, path := range []string{left, mine} {
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	fitUntil(t, split, dir, 0)
	assert.NoFileExists(t, left)
	assert.FileExists(t, mine)
}

// A directory that must not be written in is told before anything is trained.
func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o555))
	split, m := smoothSplit(t, 300), newRegression(t, 1)
	if os.Geteuid() == 0 { // root may write everywhere
		const nobody = 65534
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
		require.NoError(t, syscall.Setfsuid(nobody))
		defer func() { require.NoError(t, syscall.Setfsuid(0)) }()
	}
	c := quick()
	c.Dir = dir
	c.Progress = func(trainer.Progress) { t.Error("it trains") }
	_, err := trainer.Fit(context.Background(), m, split, c)
	require.ErrorIs(t, err, os.ErrPermission)
	assert.ErrorContains(t, err, dir)
	c.Resume = true
	_, err = trainer.Fit(context.Background(), m, split, c)
	require.ErrorIs(t, err, os.ErrPermission)
}
