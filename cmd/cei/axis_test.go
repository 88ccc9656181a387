package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// --axis chooses the atoms that define the frame's axes, and a choice that is ill-conditioned is warned of.
func TestAxis(t *testing.T) {
	axisOf := func(dir string) any {
		encoding := decoded(t, readFile(t, dir, "config.json"))["encoding"].(map[string]any)
		return encoding["frame"].(map[string]any)["axis"]
	}
	train := func(flags ...string) (string, answer) {
		dir := filepath.Join(t.TempDir(), "run")
		return dir, cei(t, simulationArgs(dir, append([]string{"--events", "300", "--frame", "body"}, flags...)...)...)
	}
	dir, heaviest := train()
	assert.Equal(t, []any{2.0, 1.0}, axisOf(dir), "S and O of C, O, S")
	dir, same := train("--axis", "S,O")
	assert.Equal(t, []any{2.0, 1.0}, axisOf(dir))
	assert.Equal(t, lineWith(heaviest.err, "warning"), lineWith(same.err, "warning"))
	dir, carbon := train("--axis", "C,S")
	require.Equal(t, exitDone, carbon.code, carbon.err)
	assert.Equal(t, []any{0.0, 2.0}, axisOf(dir))

	water := []string{"--molecule", "H2O", "--charges", "1,1,1", "--displacement", "0.05"}
	_, ill := train(water...)
	assert.Contains(t, ill.err, "warning: in 100 % of 300 events, axis atoms O and H1 are near one line, and the event is turned by chance; with H1 and H2 they would be in 0.0 % (--axis chooses others)\n")
	_, well := train(append(water, "--axis", "H1,H2")...)
	assert.Equal(t, exitDone, well.code)
	assert.NotContains(t, well.err, "warning")

	for _, c := range []struct {
		flags []string
		code  int
		says  string
	}{
		{[]string{"--axis", "S"}, exitUsage, "--axis takes two atoms, as S,O, got [S]"},
		{[]string{"--axis", "S,O,C"}, exitUsage, "--axis takes two atoms"},
		{[]string{"--axis", "S,O", "--frame", "as-is"}, exitUsage, "--frame as-is leaves the table's"},
		{[]string{"--axis", "S,H"}, exitFailed, `"H"`},
		{[]string{"--axis", "S,S"}, exitFailed, "S"},
	} {
		dir, a := train(c.flags...)
		assert.Equal(t, c.code, a.code, a.err)
		assert.Contains(t, a.err, c.says)
		assert.NoDirExists(t, dir)
	}
}
