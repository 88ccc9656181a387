package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// smallDisk returns the folder of a file system with room for so much, as 1100k, and what gives it more.
func smallDisk(t *testing.T, size string) (folder string, resize func(size string)) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(folder, 0)) })
	return folder, func(size string) {
		require.NoError(t, syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT, "size="+size))
	}
}

// A training whose disk becomes full ends with an error that names the file and the cause, and goes on from the checkpoint
// that did fit once there is room.
func TestTrainingOnAFullDisk(t *testing.T) {
	disk, resize := smallDisk(t, "1100k")
	data, undisturbed, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run"), filepath.Join(disk, "run")
	args := func(dir string) []string {
		return trainArgs("cinn", data, dir, "--hidden", "64,64", "--couplings", "4", "--resume") // a checkpoint has some 670 kB
	}
	succeed(t, args(undisturbed)...)
	a := cei(t, args(dir)...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "write "+filepath.Join(dir, trainer.StateFile)+": ")
	assert.Contains(t, a.err, syscall.ENOSPC.Error())
	info, err := os.Stat(filepath.Join(dir, trainer.StateFile))
	require.NoError(t, err)
	t.Logf("a checkpoint has %d bytes", info.Size())
	resize("16m")
	a = succeed(t, args(dir)...)
	assert.NotContains(t, a.err, "damaged")
	assert.Equal(t, losses(t, undisturbed), losses(t, dir))
	assert.Equal(t, readFile(t, undisturbed, trainer.ModelFile), readFile(t, dir, trainer.ModelFile))
}
