package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// simulationArgs are those of a short training on a simulation.
func simulationArgs(out string, more ...string) []string {
	args := trainArgs("cinn", "", out)
	at := 0
	for args[at] != "--data" {
		at++
	}
	return append(append(args[:at:at], args[at+2:]...), more...)
}

// A training on a simulation is that on the table which the same flags write, and its evaluation finds the same test
// part again, without a file.
func TestTrainOnSimulationIsTrainingOnItsTable(t *testing.T) {
	for _, c := range []struct{ simulation, selection string }{
		{"--events 200", ""},
		{"--molecule H2O --charges 1,1,1 --events 300 --seed 3 --orientation random --detector-loss 0.05", ""},
		{"--events 250 --channels 2,2,2:1;1,1,1:1", "--max-ker 100"},
		{"--grid C-O=1:2:6,C-S=1:2:6,O-C-S=150:170:6", "--min-ker 20 --max-momentum-sum 1"},
	} {
		t.Run(c.simulation, func(t *testing.T) {
			dir := t.TempDir()
			data, onTable, onSimulation := filepath.Join(dir, "events.parquet"), filepath.Join(dir, "table"), filepath.Join(dir, "simulation")
			simulation, selection := strings.Fields(c.simulation), strings.Fields(c.selection)
			succeed(t, append([]string{"simulate", "--out", data}, simulation...)...)
			seed := []string{"--seed", "1"}
			if i := strings.Index(c.simulation, "--seed "); i >= 0 {
				seed = strings.Fields(c.simulation[i:])[:2]
			}
			a := succeed(t, append(trainArgs("cinn", data, onTable, selection...), seed...)...)
			b := succeed(t, simulationArgs(onSimulation, append(simulation, selection...)...)...)
			assert.Equal(t, losses(t, onTable), losses(t, onSimulation))
			assert.Equal(t, readFile(t, onTable, "model.safetensors"), readFile(t, onSimulation, "model.safetensors"))
			for _, told := range []string{" to train on", "selection "} {
				assert.Equal(t, lineWith(a.err, told), lineWith(b.err, told))
			}
			evaluations := []string{succeed(t, "evaluate", onTable, "--samples", "5", "--json").out, succeed(t, "evaluate", onSimulation, "--samples", "5", "--json").out}
			assert.Equal(t, evaluations[0], evaluations[1])
		})
	}
}

// lineWith returns the first line that a text has a word in.
func lineWith(text, word string) string {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, word) {
			return line
		}
	}
	return ""
}

// A selection before training is told of, and applied again to find the test part.
func TestTrainingSelectionHoldsForTheTestPart(t *testing.T) {
	for name, args := range map[string]func(dir string) []string{
		"table":      func(dir string) []string { return trainArgs("cinn", simulated(t, 400), dir, "--min-ker", "105") },
		"simulation": func(dir string) []string { return simulationArgs(dir, "--events", "400", "--min-ker", "105") },
	} {
		dir := filepath.Join(t.TempDir(), "run")
		a := succeed(t, args(dir)...)
		assert.Regexp(t, `kinetic-energy-release-min +105 eV +\d+ +\d+`, a.err, name)
		evaluate := func(flags ...string) float64 {
			return decoded(t, succeed(t, append([]string{"evaluate", dir, "--samples", "2", "--json"}, flags...)...).out)["events"].(float64)
		}
		all := evaluate()
		assert.Less(t, all, 60.0, "fewer than the test part of all events")
		assert.Equal(t, all, evaluate("--min-ker", "105"), "the test part holds none below")
		assert.Less(t, evaluate("--min-ker", "110"), all)
	}
}

func TestTrainSelectionLeavesNone(t *testing.T) {
	for _, flags := range [][]string{{"--min-ker", "1000"}, {"--detector-loss", "1"}} {
		dir := filepath.Join(t.TempDir(), "run")
		a := cei(t, simulationArgs(dir, append(flags, "--events", "50")...)...)
		assert.Equal(t, exitFailed, a.code)
		assert.Regexp(t, `cei: (simulate: none of 50 events is left|the selection leaves none of 50 events)\n$`, a.err)
		assert.NoDirExists(t, dir)
	}
}

// Events come from one place.
func TestTrainWantsOneSource(t *testing.T) {
	data, dir := simulated(t, 20), filepath.Join(t.TempDir(), "run")
	for _, c := range []struct {
		args []string
		says string
	}{
		{simulationArgs(dir), "--data is needed: the table of events; or --molecule, --charges or --events, to simulate"},
		{simulationArgs(dir, "--online"), "--data is needed"},
		{trainArgs("cinn", data, dir, "--events", "100"), "give one of them"},
		{trainArgs("cinn", data, dir, "--detector-noise", "1"), "give one of them"},
		{trainArgs("cinn", data, dir, "--recipe", data), "give one of them"},
		{trainArgs("cinn", data, dir, "--online"), "as --recipe " + data},
		{simulationArgs(dir, "--online", "--grid", "C-O=1:2:50"), "--online simulates fresh events for every epoch, and a grid has the same in each"},
		{simulationArgs(dir, "--events", "0"), "--events must be at least 1"},
		{simulationArgs(dir, "--molecule", "CO2"), "--charges are needed"},
		{simulationArgs(dir, "--recipe", "nosuch.json"), "--recipe: "},
	} {
		a := cei(t, c.args...)
		assert.Equal(t, exitUsage, a.code, c.args)
		assert.Contains(t, a.err, c.says)
		assert.NoDirExists(t, dir)
	}
}

// A run says what its events were simulated from, whether they came by a table or not: they can be made again from it.
func TestRunStoresTheRecipe(t *testing.T) {
	data := filepath.Join(t.TempDir(), "events.npz")
	flags := []string{"--events", "200", "--seed", "4", "--isotopes", "13C,18O,34S", "--orientation", "random"}
	succeed(t, append([]string{"simulate", "--out", data}, flags...)...)
	want, err := table.ReadRecipe(data)
	require.NoError(t, err)
	for name, args := range map[string]func(dir string) []string{
		"table":      func(dir string) []string { return trainArgs("cinn", data, dir) },
		"simulation": func(dir string) []string { return simulationArgs(dir, flags...) },
		"recipe":     func(dir string) []string { return simulationArgs(dir, "--recipe", data) },
	} {
		dir := filepath.Join(t.TempDir(), "run")
		succeed(t, args(dir)...)
		var config struct {
			Settings struct{ Recipe json.RawMessage }
		}
		require.NoError(t, json.Unmarshal([]byte(readFile(t, dir, "config.json")), &config))
		got, err := explosion.ParseRecipe(config.Settings.Recipe)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)

		again := filepath.Join(t.TempDir(), "again.npz")
		succeed(t, "simulate", "--recipe", writeFile(t, "recipe.json", string(config.Settings.Recipe)), "--out", again)
		assert.Equal(t, readFile(t, data), readFile(t, again), name)
	}
}

// Whoever judges a run by events of the same simulation is told, since the default seed makes the same ones.
func TestEvaluateWarnsOfSimulatedTrainingEvents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	succeed(t, simulationArgs(dir, "--events", "200")...)
	for _, c := range []struct {
		flags []string
		same  bool
	}{
		{[]string{"--events", "20"}, true},
		{[]string{"--events", "300"}, true},
		{[]string{"--events", "20", "--seed", "2"}, false},
		{[]string{"--events", "20", "--charges", "1,1,1"}, false},
	} {
		data := filepath.Join(t.TempDir(), "events.npz")
		succeed(t, append([]string{"simulate", "--out", data}, c.flags...)...)
		a := succeed(t, "evaluate", dir, "--data", data, "--samples", "2")
		assert.Equal(t, c.same, strings.Contains(a.err, "warning: "+data+" holds events that the run was trained on"), c.flags)
	}
}
