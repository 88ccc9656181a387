package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// What is validated and tested on stays that of the table alone.
func TestAddedEventsAreNotTestedOn(t *testing.T) {
	data, more := simulated(t, 100), filepath.Join(t.TempDir(), "more.parquet")
	succeed(t, "simulate", "--events", "150", "--seed", "9", "--out", more)
	dir := filepath.Join(t.TempDir(), "run")
	r := succeed(t, trainArgs("cvae", data, dir, "--add", more)...)
	assert.Contains(t, r.err, "250 events: 220 to train on, 15 to validate, 15 to test")
	assert.Contains(t, r.err, "150 of the events to train on were added")
	run, err := trainer.ReadRunConfig(dir)
	assert.NoError(t, err)
	assert.Equal(t, 100, run.Split.Rows)
	assert.Equal(t, 150, run.Split.Added)
	e := decoded(t, succeed(t, "evaluate", dir, "--samples", "4", "--json").out)
	assert.EqualValues(t, 15, e["events"])
}

func TestAddedEventsThatAreTestedOn(t *testing.T) {
	data := simulated(t, 100)
	out := filepath.Join(t.TempDir(), "run")
	longer := filepath.Join(t.TempDir(), "longer.csv")
	succeed(t, "simulate", "--events", "120", "--out", longer)
	for _, same := range []string{data, longer} {
		r := cei(t, trainArgs("cvae", data, out, "--add", same)...)
		assert.Equal(t, exitFailed, r.code)
		assert.Contains(t, r.err, "tested on what it was trained on")
	}
	r := cei(t, "train", "--model", "cvae", "--events", "100", "--online", "--add", data, "--out", out)
	assert.Equal(t, exitUsage, r.code)
	r = cei(t, trainArgs("cvae", data, out, "--add", "nowhere.csv")...)
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, "--add")
	assert.NoDirExists(t, out)
}

// What else is wrong with added events is told: that they are in other units, are tested on in another guise, or were
// trained on where figures are asked for.
func TestAddedEventsAreRemembered(t *testing.T) {
	data, more := simulated(t, 100), filepath.Join(t.TempDir(), "more.csv")
	succeed(t, "simulate", "--events", "100", "--seed", "9", "--out", more)
	dir := filepath.Join(t.TempDir(), "run")
	r := succeed(t, trainArgs("cvae", data, dir, "--add", more, "--position-unit", "angstrom")...)
	assert.Contains(t, r.err, "in its own: positions in bohr, momenta in au")
	r = succeed(t, "evaluate", dir, "--data", more, "--samples", "2")
	assert.Contains(t, r.err, "holds events that the run was trained on")

	longer := filepath.Join(t.TempDir(), "longer.csv") // another file, and without its recipe
	require.NoError(t, os.WriteFile(longer, []byte(readFile(t, more)+"\n"), 0o600))
	r = succeed(t, trainArgs("cvae", more, filepath.Join(t.TempDir(), "run"), "--add", longer)...)
	assert.Contains(t, r.err, "warning: 100 rows of --add "+longer+" are rows of the table that is split too")
}
