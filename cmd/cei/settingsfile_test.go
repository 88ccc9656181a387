package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A settings file with a fault is refused with the place of the fault.
func TestBadSettingsFile(t *testing.T) {
	for yaml, says := range map[string]string{
		"epochs: 1\nepoch: 2\n":            `:2:1: there is no setting "epoch"`,
		"epochs: 1\nEpochs: 2\n":           `:2:1: there is no setting "Epochs"`,
		"learning_rate: 1\n":               `:1:1: there is no setting "learning_rate"`,
		"resume: true\n":                   `:1:1: there is no setting "resume"`,
		"force: true\n":                    `:1:1: there is no setting "force"`,
		"config: a.yaml\n":                 `:1:1: there is no setting "config"`,
		"<<: {epochs: 1}\n":                `:1:1: there is no setting "<<"`,
		"epochs: 1\nbatch: 2\nepochs: 3\n": ":3:1: ",
		"epochs: two\n":                    `:1:9: invalid value "two" for epochs`,
		"epochs: 2.5\n":                    `:1:9: invalid value "2.5" for epochs`,
		"epochs: true\n":                   `:1:9: invalid value "true" for epochs`,
		"epochs: [1]\n":                    ":1:9: expected one value for epochs, found a list",
		"epochs: {max: 1}\n":               ":1:9: expected a number",
		"epochs:\n  max: 1\n":              ":2:",
		"epochs: null\n":                   ":1:9: expected a number",
		"epochs:\n":                        ":1:",
		"epochs: &a 3\n":                   ":1:9: expected a number",
		"epochs: 99999999999999999999\n":   ":1:9: invalid value",
		"seed: -1\n":                       `:1:7: invalid value "-1" for seed`,
		"seed: 1.5\n":                      `:1:7: invalid value "1.5" for seed`,
		"noise: much\n":                    `:1:8: invalid value "much" for noise`,
		"noise: .nan\n":                    ":1:8: expected a number",
		"no-header: maybe\n":               `:1:12: invalid value "maybe" for no-header`,
		"hidden: [8, 2.5]\n":               `:1:9: invalid value "8,2.5" for hidden`,
		"hidden: [[8]]\n":                  ":1:10: expected a number",
		"hidden: []\n":                     ":1:9: ",
		"- epochs\n- batch\n":              ":1:1: expected one list of settings",
		"epochs\n":                         ":1:1: expected one list of settings",
		"epochs: 1\n---\nepochs: 2\n":      ":3:7: expected one list of settings",
		"epochs: [1\n":                     ":1:",
		"epochs: 1\n  batch: 2\n":          ":1:",
		"\tepochs: 1\n":                    ":1:",
	} {
		t.Run(yaml, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "new")
			args := config(t, yaml)
			a := cei(t, append([]string{"train", "--model", "cvae", "--data", "nosuch.csv", "--out", out}, args...)...)
			assert.Equal(t, exitUsage, a.code)
			assert.Contains(t, a.err, "cei: read settings: "+args[1]+says)
			assert.NotContains(t, a.err, "Go struct")
			assert.NoDirExists(t, out)
		})
	}
}

// Values in a settings file are checked as those of flags are.
func TestSettingsFileIsChecked(t *testing.T) {
	_, err := asked(t, needs("", config(t, "epochs: 0\n")...)...)
	assert.ErrorContains(t, err, "--epochs must be at least 1, got 0")
	_, err = asked(t, needs("", config(t, "preset: 3\n")...)...)
	assert.ErrorContains(t, err, `--preset must be robust or reference, got "3"`)
}

func TestEmptySettingsFile(t *testing.T) {
	nothing, err := asked(t, needs("")...)
	require.NoError(t, err)
	for _, yaml := range []string{"", "\n", "# nothing yet\n", "---\n"} {
		o, err := asked(t, needs("", config(t, yaml)...)...)
		require.NoError(t, err, "%q", yaml)
		assert.Equal(t, nothing, o)
	}
}

// FuzzSettingsFile looks for a file that makes the reader panic, or a fault whose place it does not tell.
func FuzzSettingsFile(f *testing.F) {
	for name, sample := range samples {
		f.Add(name + ": " + sample.yaml + "\n")
	}
	f.Add("epochs: [1\n")
	f.Add("? a\n: b\n")
	f.Add("a: *b\n---\n%YAML 1.2\n")
	f.Add("hidden: !!seq [1, {a: 2}]\n")
	f.Fuzz(func(t *testing.T, yaml string) {
		path := filepath.Join(t.TempDir(), "settings.yaml")
		require.NoError(t, os.WriteFile(path, []byte(yaml), 0o600))
		if _, err := asked(t, needs("", "--config", path)...); err != nil {
			assert.Regexp(t, `^--|^read settings: \S+settings\.yaml:[1-9]\d*:[1-9]\d*: .`, err.Error())
		}
	})
}
