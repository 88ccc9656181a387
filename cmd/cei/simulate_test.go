package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func simulatedBy(t *testing.T, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.csv")
	a := succeed(t, append([]string{"simulate", "--events", "70", "--out", path}, flags...)...)
	assert.Equal(t, path+": 70 explosions of OCS, positions in bohr, momenta in au\n", a.out)
	assert.Empty(t, a.err)
	return readFile(t, path)
}

func TestSimulateIsTheSameForAnyWorkers(t *testing.T) {
	one := simulatedBy(t, "--workers", "1")
	assert.Equal(t, one, simulatedBy(t))
	assert.Equal(t, one, simulatedBy(t, "--workers", "3"))
	assert.Equal(t, one, simulatedBy(t, "--workers", "100"))
}

func TestSimulateDependsOnItsFlags(t *testing.T) {
	plain := simulatedBy(t)
	assert.Equal(t, plain, simulatedBy(t, "--seed", "1", "--charges", "2,2,2", "--displacement", "0.25", "--molecule", "OCS"), "the defaults that the help shows")
	for _, flags := range [][]string{{"--seed", "2"}, {"--charges", "1,1,1"}, {"--displacement", "0.1"}} {
		assert.NotEqual(t, plain, simulatedBy(t, flags...), flags)
	}
	assert.True(t, strings.HasPrefix(plain, "x_C,y_C,z_C,x_O,y_O,z_O,x_S,y_S,z_S,px_C,py_C,pz_C,px_O,py_O,pz_O,px_S,py_S,pz_S\n"))
}

func TestSimulateReplacesNothingUnasked(t *testing.T) {
	path := writeFile(t, "mine.csv", "mine")
	a := cei(t, "simulate", "--events", "3", "--out", path)
	assert.Equal(t, exitFailed, a.code)
	assert.Equal(t, "cei: "+path+" is there already; --force replaces it\n", a.err)
	assert.Equal(t, "mine", readFile(t, path))
	succeed(t, "simulate", "--events", "3", "--out", path, "--force")
	assert.Equal(t, 4, strings.Count(readFile(t, path), "\n"))
}

// An interrupted simulation leaves no table, not even a part of one.
func TestSimulateInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	a := ceiUntil(ctx, "simulate", "--events", "100", "--out", filepath.Join(dir, "events.csv"))
	assert.Equal(t, exitInterrupted, a.code)
	assert.Contains(t, a.err, "cei: interrupted: simulate: ")
	assert.Empty(t, a.out)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

// A file beside the table that is to be written is the user's too.
func TestSimulateReplacesNoSidecarUnasked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, os.WriteFile(path+".json", []byte("mine"), 0o600))
	a := cei(t, "simulate", "--events", "3", "--out", path)
	assert.Equal(t, exitFailed, a.code)
	assert.Equal(t, "cei: "+path+".json is there already; --force replaces it\n", a.err)
	assert.Equal(t, []string{"events.csv.json"}, filesIn(t, filepath.Dir(path)))
	assert.Equal(t, "mine", readFile(t, path+".json"))
	succeed(t, "simulate", "--events", "3", "--out", path, "--force")
	succeed(t, "inspect", path)
}
