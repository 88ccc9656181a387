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

func TestInspect(t *testing.T) {
	data := simulated(t, 50)
	a := succeed(t, "inspect", data)
	assert.Empty(t, a.err)
	assert.Contains(t, a.out, data+": 50 events of 3 atoms [C O S]\npositions in bohr, momenta in au; 0 other columns; 0 duplicate rows\n")
	assert.Regexp(t, `px_S .* dependent`, a.out)
	j := decoded(t, succeed(t, "inspect", "--json", data).out)
	assert.Equal(t, 50.0, j["rows"])
}
