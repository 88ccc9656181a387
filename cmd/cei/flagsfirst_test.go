package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFlagsFirst(t *testing.T) {
	for given, want := range map[string]string{
		"cei":                                               "cei",
		"cei evaluate":                                      "cei evaluate",
		"cei nosuch DIR --json":                             "cei nosuch DIR --json",
		"cei evaluate DIR":                                  "cei evaluate DIR",
		"cei evaluate --json DIR":                           "cei evaluate --json DIR",
		"cei evaluate DIR --json":                           "cei evaluate --json DIR",
		"cei evaluate DIR -json":                            "cei evaluate -json DIR",
		"cei evaluate DIR --samples 3 --json":               "cei evaluate --samples 3 --json DIR",
		"cei evaluate --samples 3 DIR --seed 4":             "cei evaluate --samples 3 --seed 4 DIR",
		"cei evaluate DIR --samples=3":                      "cei evaluate --samples=3 DIR",
		"cei evaluate DIR --json=false":                     "cei evaluate --json=false DIR",
		"cei evaluate A B --json":                           "cei evaluate --json A B",
		"cei evaluate DIR --mre-threshold -0.5":             "cei evaluate --mre-threshold -0.5 DIR",
		"cei evaluate DIR --mre-threshold=-0.5":             "cei evaluate --mre-threshold=-0.5 DIR",
		"cei evaluate DIR --samples --json":                 "cei evaluate --samples --json DIR",
		"cei evaluate DIR -- --json":                        "cei evaluate -- DIR --json",
		"cei evaluate --json -- -DIR":                       "cei evaluate --json -- -DIR",
		"cei evaluate A --json -- B -- C":                   "cei evaluate --json -- A B -- C",
		"cei evaluate - --json":                             "cei evaluate --json -",
		"cei evaluate DIR --nosuch --json":                  "cei evaluate --nosuch --json DIR",
		"cei evaluate DIR --data":                           "cei evaluate --data",
		"cei evaluate DIR --samples 3 --help":               "cei evaluate --help",
		"cei evaluate DIR -h":                               "cei evaluate -h",
		"cei sample DIR --atoms O,C,S --no-header --data M": "cei sample --atoms O,C,S --no-header --data M DIR",
	} {
		t.Run(given, func(t *testing.T) {
			args := strings.Fields(given)
			assert.Equal(t, strings.Fields(want), flagsFirst(newApp(streams{}), args))
			assert.Equal(t, strings.Fields(given), args, "what was given stays as it was")
		})
	}
}

// Wherever the flags stand, the command does the same.
func TestFlagsAnywhere(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	want := succeed(t, "evaluate", "--json", "--samples", "5", dir)
	assert.Equal(t, want, succeed(t, "evaluate", dir, "--json", "--samples", "5"))
	assert.Equal(t, want, succeed(t, "evaluate", "--samples=5", dir, "-json"))
	assert.Equal(t, want, succeed(t, "evaluate", "--json", "--samples", "5", "--", dir))
	assert.Equal(t, succeed(t, "inspect", data, "--json"), succeed(t, "inspect", "--json", data))

	t.Chdir(t.TempDir())
	succeed(t, "simulate", "--events", "3", "--out=--json.csv")
	succeed(t, "inspect", "--", "--json.csv")
}

// FuzzFlagsFirst checks that arguments are only moved: none is lost, made up or changed, and those that are no flags stay
// in their order. Only a flag without its value and a call for help leave some out.
func FuzzFlagsFirst(f *testing.F) {
	for _, line := range []string{
		"evaluate DIR --json", "evaluate DIR --samples -3", "train --hidden 8,8 -- a b", "sample --data", "train x --help", "-- --", "evaluate - -- -",
		"evaluate ---json -=x --=y", "inspect --json=1 a b c --atoms",
	} {
		f.Add(line)
	}
	app := newApp(streams{})
	f.Fuzz(func(t *testing.T, line string) {
		args := append([]string{"cei"}, strings.Split(line, " ")...)
		given := slices.Clone(args)
		moved := flagsFirst(app, args)
		require.Equal(t, given, args)
		if len(moved) == len(given) {
			require.ElementsMatch(t, given, moved)
			require.Equal(t, moved, flagsFirst(app, moved), "what is in order stays so")
			return
		}
		last := strings.TrimLeft(moved[len(moved)-1], "-")
		command := app.Command(moved[1])
		require.NotNil(t, command)
		require.True(t, last == "help" || last == "h" || takesValue(command, last), "%q became %q", given, moved)
	})
}
