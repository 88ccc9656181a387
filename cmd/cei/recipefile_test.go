package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

// A recipe is taken from a file of its own, and from a simulated table of any format, with the same table as a result,
// to the bit, whatever the number of workers.
func TestRecipeMakesTheSameTable(t *testing.T) {
	for _, ending := range tableEndings(t) {
		t.Run(ending, func(t *testing.T) {
			dir := t.TempDir()
			first := filepath.Join(dir, "first"+ending)
			a := succeed(t, "simulate", "--out", first, "--events", "300", "--seed", "5", "--channels", "2,2,2:3; 1,1,2:1", "--geometry", "vibrational",
				"--motion", "thermal", "--kelvin", "500", "--orientation", "random", "--origin", "0.1", "--detector-noise", "0.3", "--detector-loss", "0.02")
			recipe, err := table.ReadRecipe(first)
			require.NoError(t, err)
			text, err := json.MarshalIndent(recipe, "", "\t")
			require.NoError(t, err)
			alone := filepath.Join(dir, "recipe.json")
			require.NoError(t, os.WriteFile(alone, text, 0o600))
			for i, from := range [][]string{{first}, {first, "--workers", "1"}, {first, "--workers", "5"}, {alone, "--workers", "2"}} {
				again := filepath.Join(t.TempDir(), "first"+ending)
				b := succeed(t, append([]string{"simulate", "--out", again, "--recipe"}, from...)...)
				assert.Equal(t, a.err, b.err, "the counts of channels and lost events")
				assert.Equal(t, readFile(t, first), readFile(t, again), i)
			}
		})
	}
}

// What is wrong with a recipe file is said with its place, and nothing is written.
func TestRecipeFileThatIsNone(t *testing.T) {
	dir := t.TempDir()
	measuredTable := writeFile(t, "measured.csv", "px_C,py_C,pz_C,px_O,py_O,pz_O\n1,2,3,4,5,6\n")
	for path, says := range map[string]string{
		filepath.Join(dir, "nosuch.json"):          "no such file",
		filepath.Join(dir, "nosuch.csv"):           "no such file",
		writeFile(t, "broken.json", `{"events": `): "unexpected EOF",
		writeFile(t, "other.json", `{"evnts": 5}`): `unknown field "evnts"`,
		writeFile(t, "bad.json", `{"events": -5}`): "events -5",
		measuredTable: "expected a simulated table with its recipe, found none",
	} {
		out := filepath.Join(dir, "new.csv")
		a := cei(t, "simulate", "--recipe", path, "--out", out)
		assert.Equal(t, exitUsage, a.code, path)
		assert.Contains(t, a.err, "--recipe: ")
		assert.Contains(t, a.err, path)
		assert.Contains(t, a.err, says)
		assert.NoFileExists(t, out)
	}
}
