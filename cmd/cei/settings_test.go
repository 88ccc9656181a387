package main

import (
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v2"
)

// asked returns the training that a command line asks for, without doing it.
func asked(t *testing.T, args ...string) (trainOptions, error) {
	t.Helper()
	var got trainOptions
	app := newApp(streams{out: io.Discard, err: io.Discard})
	app.Command("train").Action = func(c *cli.Context) (err error) {
		got, err = readTrainOptions(c)
		return err
	}
	err := app.RunContext(t.Context(), append([]string{"cei", "train"}, args...))
	return got, err
}

// needs returns the flags without which there is no training, except the one named. For a flag of simulations, these take
// the place of the table.
func needs(except string, more ...string) (args []string) {
	values := map[string]string{"model": "cvae", "data": "a.csv", "out": "run"}
	if except == "online" || simulates(except) {
		delete(values, "data")
	}
	if except == "online" {
		values["events"] = "10"
	}
	switch except {
	case "axis":
		values["frame"] = "recoil"
	case "targets":
		values["conditions"] = "x"
	case "conditions":
		values["targets"] = "t"
	case "members-at-once":
		values["members"], values["cuda-graph"] = "3", "true"
	case "bounds":
		values["targets"], values["conditions"] = "a,b", "x"
	}
	for name, value := range values {
		if name != except {
			args = append(args, "--"+name+"="+value)
		}
	}
	return append(args, more...)
}

func simulates(name string) bool {
	return slices.ContainsFunc(recipeSettings(&recipeOptions{}), func(s setting) bool { return s.name() == name })
}

func config(t *testing.T, yaml string) []string {
	t.Helper()
	return []string{"--config", writeFile(t, "settings.yaml", yaml)}
}

// samples are good values of every setting, on the command line and in a settings file.
var samples = map[string]struct{ flag, yaml string }{
	"model": {"cinn", "cinn"}, "data": {"b.csv", "b.csv"}, "out": {"other", "other"},
	"preset": {"reference", "reference"}, "frame": {"body", "body"}, "scaler": {"whiten", "'whiten'"}, "rows-in-memory": {"1000", "1000"},
	"split": {"0.8,0.1,0.1", "[0.8, 0.1, 1e-1]"}, "seed": {"18446744073709551615", "18446744073709551615"}, "dtype": {"float64", "float64"},
	"members": {"3", "3"}, "epochs": {"12", "12"}, "batch": {"32", `"32"`}, "patience": {"0", "0"},
	"learning-rate": {"0.002", "2e-3"}, "schedule": {"cosine", "cosine"}, "warmup-epochs": {"1.5", "1.5"},
	"weight-decay": {"0", "0.0"}, "clip-norm": {"3", "3"}, "noise": {"0.01", "0.01"},
	"hidden": {"8,16", "[8, 16]"}, "couplings": {"4", "4"}, "networks": {"2", "2"}, "clamp": {"1.9", "1.9"}, "latent": {"3", "3"},
	"average": {"0.99", "0.99"}, "momentum-noise": {"0.01", "1e-2"}, "momentum-noise-absolute": {"0.5", "0.5"},
	"permutation": {"linear", "linear"}, "coupling": {"spline", "spline"}, "bins": {"12", "12"}, "actnorm": {"true", "true"}, "trend": {"2", "2"}, "add": {"more.csv", "more.csv"},
	"prior": {"learned", "learned"}, "kl-warmup-epochs": {"5", "5"},
	"no-header": {"true", "true"}, "atoms": {"C,O,S", "[C, O, S]"}, "positions": {"a,b", "\n  - a\n  - b"}, "momenta": {"1,2", "[1, 2]"},
	"position-unit": {"angstrom", "angstrom"}, "momentum-unit": {"1e-22*kg_m_s", "1e-22*kg_m_s"},
	"device": {"cpu", "cpu"}, "threads": {"2", "2"}, "matmul-precision": {"high", "high"}, "cuda-graph": {"true", "true"}, "members-at-once": {"2", "2"},
	"micro-batch": {"16", "16"}, "alone": {"true", "true"}, "rendezvous-timeout": {"30", "30"}, "peer-timeout": {"2.5", "2.5"},
	"targets": {"a,b", "[a, b]"}, "conditions": {"x,y", "[x, y]"}, "bounds": {"a=-1:1,b=0:2", "[a=-1:1, 'b=0:2']"},
	"axis": {"S,O", "[S, O]"}, "online": {"true", "true"},
	"max-momentum-sum": {"2.5", "2.5"}, "min-ker": {"5", "5"}, "max-ker": {"300", "3e2"},
	"recipe": {"a.json", "a.json"}, "molecule": {"CO2", "CO2"}, "isotopes": {"12C,18O,S", "[12C, 18O, S]"}, "charges": {"1,1.5,2", "[1, 1.5, 2]"},
	"channels": {"1,1,1:2; 2,2,2:1", "'1,1,1:2; 2,2,2:1'"}, "events": {"50", "50"}, "geometry": {"ball", "ball"}, "displacement": {"0.1", "0.1"},
	"radius": {"3", "3"}, "separation": {"0.5", "0.5"}, "grid": {"C-O=1:2:3,C-S=1:2:3", "[C-O=1:2:3, C-S=1:2:3]"},
	"internal": {"C-O=1:2,C-S=1:2", "[C-O=1:2, C-S=1:2]"}, "motion": {"thermal", "thermal"},
	"kelvin": {"300", "300"}, "initial-energy": {"0.5", "0.5"}, "orientation": {"random", "random"}, "origin": {"0.5", "0.5"},
	"detector-noise": {"0.5", "0.5"}, "detector-relative-noise": {"0.01", "0.01"}, "detector-loss": {"0.1", "0.1"}, "detector-axis": {"0,1,0", "[0, 1, 0]"},
	"checkpoint-every": {"30s", "30s"},
	"tensorboard":      {"true", "true"}, "mlflow": {"http://localhost:5000", "http://localhost:5000"}, "mlflow-experiment": {"OCS", "OCS"}, "metrics-listen": {"127.0.0.1:9100", "127.0.0.1:9100"},
	"detector-dead-angle": {"5", "5"}, "detector-dead-transverse": {"2", "2"}, "tolerance": {"1e-8", "1e-8"},
}

// perCall are flags that belong to one call: a settings file does not have them.
var perCall = []string{"config", "resume", "force", "json", "help", logFormatFlag}

// Every flag of a training sets something, and is also a variable and a key of the settings file, with the same effect.
func TestEverySettingHasThreeSources(t *testing.T) {
	settings := 0
	for _, flag := range newApp(streams{}).Command("train").Flags {
		name := flag.Names()[0]
		if slices.Contains(perCall, name) {
			continue
		}
		settings++
		t.Run(name, func(t *testing.T) {
			sample, ok := samples[name]
			require.True(t, ok, "a new flag needs a sample value in this test")
			without, _ := asked(t, needs(name)...)
			byFlag, err := asked(t, needs(name, "--"+name+"="+sample.flag)...)
			require.NoError(t, err)
			assert.NotEqual(t, without, byFlag)
			byFile, err := asked(t, needs(name, config(t, name+": "+sample.yaml)...)...)
			require.NoError(t, err)
			assert.Equal(t, byFlag, byFile)
			t.Setenv(variables(name)[0], sample.flag)
			byVariable, err := asked(t, needs(name)...)
			require.NoError(t, err)
			assert.Equal(t, byFlag, byVariable)
		})
	}
	assert.Len(t, samples, settings, "every sample is of a flag")
}

func TestVariablesAreNamedAsFlags(t *testing.T) {
	assert.Equal(t, []string{"CEI_LEARNING_RATE"}, variables("learning-rate"))
	for _, command := range newApp(streams{}).Commands {
		for _, flag := range command.Flags {
			assert.Contains(t, flag.String(), "[$"+variables(flag.Names()[0])[0]+"]", command.Name)
		}
	}
}

// Every field of what a training can be asked for is set by some flag.
func TestEveryFieldHasAFlag(t *testing.T) {
	args := []string{"--resume", "--force", "--json"}
	for name, sample := range samples {
		args = append(args, "--"+name+"="+sample.flag)
	}
	o, err := asked(t, args...)
	require.ErrorContains(t, err, "give one of them", "of --resume and --force")
	for _, field := range reflect.VisibleFields(reflect.TypeFor[trainOptions]()) {
		assert.False(t, reflect.ValueOf(o).FieldByIndex(field.Index).IsZero(), field.Name)
	}
}

// Flags go before variables, and those before the settings file, setting by setting.
func TestPrecedence(t *testing.T) {
	file := config(t, "epochs: 1\nbatch: 2\nlatent: 3\nhidden: [1, 2]\natoms: [A]\npreset: reference\nno-header: true\n")
	o, err := asked(t, needs("", file...)...)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 3}, []int{*o.Epochs, *o.Batch, *o.Latent})
	assert.Equal(t, []int64{1, 2}, o.Hidden)
	assert.Equal(t, "reference", o.Preset)
	assert.True(t, o.NoHeader)
	assert.Equal(t, "as-is", o.Frame, "which no source sets")

	for name, value := range map[string]string{"EPOCHS": "10", "BATCH": "20", "HIDDEN": "3,4,5", "ATOMS": "B,C", "NO_HEADER": "false"} {
		t.Setenv("CEI_"+name, value)
	}
	o, err = asked(t, needs("", append(file, "--epochs", "100", "--hidden", "6")...)...)
	require.NoError(t, err)
	assert.Equal(t, []int{100, 20, 3}, []int{*o.Epochs, *o.Batch, *o.Latent})
	assert.Equal(t, []int64{6}, o.Hidden)
	assert.Equal(t, []string{"B", "C"}, o.Atoms)
	assert.False(t, o.NoHeader)
	assert.Equal(t, "reference", o.Preset)
}

// A variable that is empty is as one that is not there.
func TestEmptyVariables(t *testing.T) {
	plain, err := asked(t, needs("")...)
	require.NoError(t, err)
	for name := range samples {
		t.Setenv(variables(name)[0], "")
	}
	emptied, err := asked(t, needs("")...)
	require.NoError(t, err)
	assert.Equal(t, plain, emptied)
	filed, err := asked(t, needs("", config(t, "preset: reference\natoms: [C, O]\nepochs: 3\n")...)...)
	require.NoError(t, err)
	assert.Equal(t, "reference", filed.Preset)
	assert.Equal(t, []string{"C", "O"}, filed.Atoms)
	assert.Equal(t, 3, *filed.Epochs)
}

// What a settings file says is what the run was trained with and what it stores, and so are variables and flags.
func TestRunStoresWhatWasInForce(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	t.Setenv("CEI_BATCH", "50")
	args := config(t, "model: cinn\ndata: "+data+"\nhidden: [8, 8]\ncouplings: 2\nepochs: 9\nframe: body\n")
	succeed(t, append([]string{"train", "--out", dir, "--epochs", "2"}, args...)...)
	stored := decoded(t, readFile(t, dir, "config.json"))
	training := stored["training"].(map[string]any)
	assert.Equal(t, []any{2.0, 50.0, 1.0}, []any{training["epochs"], training["batch"], training["seed"]})
	assert.Contains(t, fmt.Sprint(stored["encoding"]), "body")
	options := stored["settings"].(map[string]any)["options"].(map[string]any)
	assert.Equal(t, data, options["data"])
	assert.Equal(t, "robust", options["preset"])
}
