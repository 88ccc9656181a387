package main

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// finished runs a process to its end.
func finished(t *testing.T, c *exec.Cmd) answer {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return answer{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// Without the native library, all that computes nothing works, and the rest says what is missing and how to get it.
func TestMissingLibrary(t *testing.T) {
	run, data := trainedRun(t, "cinn")
	missing := filepath.Join(t.TempDir(), "nonexistent")
	without := func(args ...string) answer {
		return finished(t, process(t, []string{"CEI_TORCH_LIB=" + missing}, args...))
	}
	for _, args := range [][]string{{"--help"}, {"--version"}, {"train", "--help"}, {"inspect", data}, {"simulate", "--events", "5", "--out", filepath.Join(t.TempDir(), "a.csv")}} {
		a := without(args...)
		assert.Equal(t, exitDone, a.code, "%v: %s", args, a.err)
		assert.NotEmpty(t, a.out)
		assert.Empty(t, a.err)
	}
	out := filepath.Join(t.TempDir(), "new")
	for _, args := range [][]string{
		trainArgs("cvae", data, out), {"evaluate", run}, {"sample", run, "--data", data, "--out", filepath.Join(out, "a.csv")}, {"doctor"}, {"doctor", "--json"},
	} {
		a := without(args...)
		assert.Equal(t, exitFailed, a.code, args)
		assert.Empty(t, a.out)
		assert.Contains(t, a.err, "libceitorch.so could not be loaded")
		assert.Contains(t, a.err, missing)
		assert.Contains(t, a.err, "scripts/setup")
		assert.Contains(t, a.err, "CEI_TORCH_LIB")
		assert.NoDirExists(t, out)
	}
	assert.Equal(t, exitUsage, without("train", "--epochs", "0").code, "wrong usage needs no library to be told")
}

func TestDoctor(t *testing.T) {
	d := decoded(t, succeed(t, "doctor", "--json").out)
	assert.NotEmpty(t, d["library"])
	assert.Regexp(t, `^[12]\.\d+`, d["libtorch"])
	assert.GreaterOrEqual(t, d["threads"], 1.0)
	text := succeed(t, "doctor").out
	assert.Contains(t, text, d["library"])
	assert.Contains(t, text, d["parallel"])
}

// Where stderr is not a terminal there are whole lines only: what is done, and a line for an epoch now and then.
func TestNoBarWithoutTerminal(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	a := finished(t, process(t, nil, trainArgs("cinn", data, dir)...))
	require.Equal(t, exitDone, a.code, a.err)
	assert.NotContains(t, a.out+a.err, "\r")
	assert.NotContains(t, a.out+a.err, "\x1b")
	known := regexp.MustCompile(`^(200 events: .*|(positions|momenta): .*|training the cinn on .*|time=\S+ level=INFO msg=epoch epoch=\d+ of=3 train_loss=\S+ validation_loss=\S+ best_loss=\S+ best_epoch=\d+ events_per_s=\S+)$`)
	for _, line := range strings.Split(strings.TrimSuffix(a.err, "\n"), "\n") {
		assert.Regexp(t, known, line)
	}
}
