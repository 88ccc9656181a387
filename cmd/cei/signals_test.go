//go:build unix

package main

import (
	"bufio"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

var allSignals = []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGHUP}

// endless is a training that ends by a signal only.
func endless(data, dir string, more ...string) []string {
	return trainArgs("cinn", data, dir, append([]string{"--epochs", "1000000", "--patience", "0"}, more...)...)
}

// signalled starts a process and calls act when it has written a word to stderr. It returns what the process wrote, once
// that has ended.
func signalled(t *testing.T, c *exec.Cmd, word string, act func()) (stderr string) {
	t.Helper()
	heedHangups(t)
	pipe, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	lines := bufio.NewReader(pipe)
	var all strings.Builder
	for {
		line, err := lines.ReadString('\n')
		all.WriteString(line)
		if act != nil && strings.Contains(line, word) {
			act()
			act = nil
		}
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
	}
	require.Nil(t, act, "it never wrote %q, but:\n%s", word, &all)
	_ = c.Wait() // its state is looked at
	return all.String()
}

// heedHangups gives SIGHUP its usual meaning for processes that are started, also where the tests run under nohup.
func heedHangups(t *testing.T) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangups) })
}

// A signal during training ends it with a checkpoint from which it goes on as if nothing had been.
func TestSignals(t *testing.T) {
	data := simulated(t, 200)
	for _, signal := range allSignals {
		for _, moment := range []string{"training the ", "msg=epoch"} { // before the first step, and among later ones
			t.Run(signal.String()+" at "+moment, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "run")
				c := process(t, nil, endless(data, dir)...)
				said := signalled(t, c, moment, func() { require.NoError(t, c.Process.Signal(signal)) })
				assert.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), said)
				assert.Contains(t, said, "cei: interrupted: ")
				assert.Contains(t, said, dir+" holds a checkpoint")
				for _, name := range []string{trainer.StateFile, trainer.ModelFile} {
					assert.FileExists(t, filepath.Join(dir, name))
				}
				before := losses(t, dir)
				a := interrupted(t, "msg=epoch", endless(data, dir, "--resume")...)
				assert.Equal(t, exitInterrupted, a.code)
				assert.Equal(t, before, append([]trainer.Metrics(nil), losses(t, dir)[:len(before)]...))
				assert.Greater(t, len(losses(t, dir)), len(before))
			})
		}
	}
}

// Whatever a training is at when a signal comes, such as reading its table, validating or writing, it ends in order, and
// goes on to the same end.
func TestSignalsAtAnyMoment(t *testing.T) {
	data := simulated(t, 20_000) // few to train on: most of the time goes into reading and validating
	more := []string{"--split", "0.01,0.98,0.01", "--epochs", "12", "--checkpoint-every", "1ns", "--resume"}
	k := killedTraining{model: "cinn", data: data, more: more}
	k.runUndisturbed(t)
	random := rand.New(rand.NewPCG(1, 2))
	ends := map[int]int{}
	for _, signal := range allSignals {
		dir := filepath.Join(t.TempDir(), "run")
		for range 3 {
			c := process(t, nil, k.in(dir)...)
			var said strings.Builder
			c.Stderr = &said
			require.NoError(t, c.Start())
			timer := time.AfterFunc(time.Duration(random.Float64()*float64(k.takes)), func() { _ = c.Process.Signal(signal) })
			_ = c.Wait() // its state is looked at
			timer.Stop()
			code := c.ProcessState.ExitCode()
			ends[code]++
			if beforeMain := code == -1 && said.Len() == 0; !beforeMain {
				require.Contains(t, []int{exitDone, exitInterrupted}, code, said.String())
			}
		}
		_, _, _ = k.run(t, dir, time.Hour)
		k.requireSameEnd(t, dir)
	}
	t.Logf("exit codes and how often: %v; -1 is that of a process that had not begun to look after signals", ends)
}

// Simulating and reading what to train on ends by a signal too, and leaves nothing.
func TestSignalsBeforeTraining(t *testing.T) {
	for _, signal := range allSignals {
		dir := filepath.Join(t.TempDir(), "run")
		c := process(t, nil, "train", "--model", "cinn", "--events", "10000000", "--out", dir)
		said := signalled(t, c, "simulating ", func() { require.NoError(t, c.Process.Signal(signal)) })
		assert.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), said)
		assert.NoDirExists(t, dir)
	}
}

// Launchers send a signal to a process and to its group, and one kind after the other: that does not keep a training from
// its checkpoint.
func TestManySignals(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	c := process(t, nil, endless(data, dir)...)
	said := signalled(t, c, "msg=epoch", func() {
		for range 5 {
			for _, signal := range allSignals[1:] {
				_ = c.Process.Signal(signal) // it may have ended
			}
		}
	})
	assert.Equal(t, exitInterrupted, c.ProcessState.ExitCode(), said)
	assert.Contains(t, said, dir+" holds a checkpoint")
}

// Who presses Ctrl-C again does not wait for a step to end.
func TestSecondInterruptEndsAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	c := process(t, nil, "train", "--model", "cinn", "--events", "60000", "--out", dir, "--couplings", "60", "--hidden", "256,256", "--batch", "60000") // a step takes many seconds
	said := signalled(t, c, "training the ", func() {
		for !exists(filepath.Join(dir, trainer.MetricsFile)) { // then the first step begins
			time.Sleep(time.Millisecond)
		}
		time.Sleep(300 * time.Millisecond)
		require.NoError(t, c.Process.Signal(syscall.SIGTERM))
		time.Sleep(100 * time.Millisecond)
		require.NoError(t, c.Process.Signal(syscall.SIGINT))
	})
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	assert.True(t, status.Signaled() && status.Signal() == syscall.SIGINT, "%v: %s", status, said)
}
