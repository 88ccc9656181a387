package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

func TestEvaluateFindsItsEventsFromAnywhere(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	succeed(t, "simulate", "--events", "200", "--out", "events.csv")
	succeed(t, trainArgs("cinn", "events.csv", "run")...)
	here := succeed(t, "evaluate", "run", "--samples", "5", "--json")
	t.Chdir(t.TempDir())
	there := succeed(t, "evaluate", filepath.Join(home, "run"), "--samples", "5", "--json")
	assert.Equal(t, here.out, there.out)
}

// A file that changed has other rows in the test part, perhaps some that the model was trained on.
func TestEvaluateRefusesChangedData(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	succeed(t, "evaluate", dir, "--samples", "5")
	was := readFile(t, dir, evaluationFile)
	lines := strings.SplitAfter(readFile(t, data), "\n")
	lines[1], lines[2] = lines[2], lines[1]
	require.NoError(t, os.WriteFile(data, []byte(strings.Join(lines, "")), 0o600))

	a := cei(t, "evaluate", dir)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, data+" has changed since the run was trained on it")
	assert.Contains(t, a.err, "--data")
	assert.Empty(t, a.out)
	assert.Equal(t, was, readFile(t, dir, evaluationFile))

	require.NoError(t, os.Remove(data))
	a = cei(t, "evaluate", dir)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, data)
	assert.Contains(t, a.err, "give another with --data")
}

// All rows of another table are judged, and what is kept with the run stays the judgement of its test part.
func TestEvaluateAnotherTable(t *testing.T) {
	dir, _ := trainedRun(t, "cinn")
	other := filepath.Join(t.TempDir(), "other.csv")
	succeed(t, "simulate", "--events", "40", "--seed", "9", "--out", other)
	a := succeed(t, "evaluate", dir, "--data", other, "--samples", "5", "--json")
	assert.Equal(t, 40.0, decoded(t, a.out)["events"])
	assert.NotContains(t, filesIn(t, dir), evaluationFile)
	assert.NotContains(t, a.err, "trained on")
}

// Whoever judges the whole table that a run was trained on is told, since the figures look better than they are.
func TestEvaluateWarnsOfTheTrainingTable(t *testing.T) {
	dir, data := trainedRun(t, "cvae")
	copied := writeFile(t, "copy.csv", readFile(t, data))
	a := succeed(t, "evaluate", dir, "--data", copied, "--samples", "5")
	assert.Contains(t, a.err, "warning: "+copied+" holds events that the run was trained on")
}

// A run that a program trained does not say where its events came from.
func TestEvaluateWithoutSource(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	config := filepath.Join(dir, trainer.ConfigFile)
	text := strings.Replace(readFile(t, config), `"settings"`, `"else"`, 1)
	require.NoError(t, os.WriteFile(config, []byte(text), 0o600))
	a := cei(t, "evaluate", dir)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "the run does not say where its events came from; give a table with --data")
	succeed(t, "evaluate", dir, "--data", data, "--samples", "5")
}

func TestEvaluateSeedDecidesDraws(t *testing.T) {
	dir, _ := trainedRun(t, "cinn")
	of := func(flags ...string) string {
		return succeed(t, append([]string{"evaluate", dir, "--samples", "5", "--json"}, flags...)...).out
	}
	assert.Equal(t, of(), of("--seed", "1"), "the default that the help shows")
	assert.NotEqual(t, of(), of("--seed", "2"))
}

func TestNotARun(t *testing.T) {
	empty := t.TempDir()
	data := simulated(t, 20)
	for _, args := range [][]string{{"evaluate", empty}, {"sample", empty, "--data", data}} {
		a := cei(t, args...)
		assert.Equal(t, exitFailed, a.code)
		assert.Contains(t, a.err, "is "+empty+" a run directory?")
		assert.Empty(t, a.out)
	}
	assert.Empty(t, filesIn(t, empty))
}
