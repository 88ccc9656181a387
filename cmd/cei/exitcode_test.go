package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What makes no sense is refused with exit code 2 before anything is read or written, and the message names it.
func TestWrongUsage(t *testing.T) {
	out := filepath.Join(t.TempDir(), "new")
	train := func(more ...string) []string { return trainArgs("cinn", "nosuch.csv", out, more...) }
	evaluate := func(more ...string) []string { return append([]string{"evaluate", "nosuch"}, more...) }
	sample := func(more ...string) []string {
		return append([]string{"sample", "nosuch", "--data", "nosuch.csv"}, more...)
	}
	simulate := func(more ...string) []string {
		return append([]string{"simulate", "--out", filepath.Join(out, "a.csv")}, more...)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"nosuch"}, `there is no command "nosuch"`},
		{[]string{"--nosuch"}, "-nosuch"},
		{[]string{"help", "nosuch"}, "nosuch"},
		{[]string{"doctor", "stray"}, `unexpected argument "stray"`},
		{[]string{"inspect"}, "give one table of events, got 0 arguments"},
		{[]string{"inspect", "a.csv", "b.csv"}, "give one table of events, got 2 arguments"},
		{[]string{"inspect", "a.csv", "--position-unit", "inch"}, "--position-unit"},
		{[]string{"inspect", "a.csv", "--momentum-unit", "-1*au"}, "--momentum-unit"},
		{[]string{"inspect", "a.csv", "--no-header"}, "--no-header needs --atoms"},

		{[]string{"simulate"}, "--out is needed"},
		{[]string{"simulate", "--out", "a.xls"}, "unknown format"},
		{simulate("stray"), `unexpected argument "stray"`},
		{simulate("--events", "-1"), "events -1"},
		{simulate("--events", "many"), "-events"},
		{simulate("--workers", "0"), "--workers must be at least 1, got 0"},
		{simulate("--molecule", "H2"), `"H2"`},
		{simulate("--charges", "2,2"), "2 charges"},
		{simulate("--displacement", "-0.1"), "-0.1"},
		{simulate("--displacement", "nan"), "NaN"},
		{simulate("--seed", "-1"), "-seed"},

		{[]string{"train", "--data", "a.csv", "--out", out}, "--model is needed: cvae or cinn"},
		{[]string{"train", "--model", "cvae", "--out", out}, "--data is needed"},
		{[]string{"train", "--model", "cvae", "--data", "a.csv"}, "--out is needed"},
		{train("stray"), `unexpected argument "stray"`},
		{train("--nosuch"), "-nosuch"},
		{train("--epochs"), "needs an argument: -epochs"},
		{train("--resume", "--force"), "give one of them"},
		{train("--model", "gan"), `--model must be cvae or cinn, got "gan"`},
		{train("--preset", "fast"), `--preset must be robust or reference, got "fast"`},
		{train("--frame", "lab"), `--frame must be as-is, body, recoil or internal, got "lab"`},
		{train("--scaler", "minmax"), `--scaler must be standard or whiten, got "minmax"`},
		{train("--schedule", "step"), `--schedule must be constant or cosine, got "step"`},
		{train("--dtype", "float16"), `--dtype must be float32 or float64, got "float16"`},
		{train("--device", "tpu"), `"tpu"`},
		{train("--threads", "0"), "--threads must be at least 1"},
		{train("--matmul-precision", "low"), `--matmul-precision must be highest, high or medium, got "low"`},
		{train("--device", "cpu", "--cuda-graph"), "--cuda-graph needs a CUDA device, and this would train on cpu"},
		{train("--members", "3", "--members-at-once", "2"), "it needs --cuda-graph"},
		{train("--cuda-graph", "--members-at-once", "2"), "--members says how many there are"},
		{train("--members", "3", "--members-at-once", "0"), "--members-at-once must be at least 1, got 0"},
		{train("--members", "3", "--members-at-once", "2", "--cuda-graph", "--rows-in-memory", "9"), "on rows that stay on the device"},
		{train("--split", "0.5,0.5"), "--split takes three shares"},
		{train("--split", "0.8,0.8,0.1"), "--split takes three shares"},
		{train("--split", "1.2,-0.1,-0.1"), "--split takes three shares"},
		{train("--split", "0.5,0.5,nan"), "--split takes three shares"},
		{train("--epochs", "0"), "--epochs must be at least 1, got 0"},
		{train("--epochs", "2.5"), "-epochs"},
		{train("--batch", "0"), "--batch must be at least 1"},
		{train("--patience", "-1"), "--patience must be at least 0"},
		{train("--learning-rate", "0"), "--learning-rate must be above 0, got 0"},
		{train("--learning-rate", "nan"), "--learning-rate must be above 0, got NaN"},
		{train("--learning-rate", "inf"), "--learning-rate must be above 0, got +Inf"},
		{train("--checkpoint-every", "0s"), "--checkpoint-every must be above 0, got 0s"},
		{train("--checkpoint-every", "often"), "-checkpoint-every"},
		{train("--warmup-epochs", "-1"), "--warmup-epochs must be at least 0"},
		{train("--weight-decay", "-0.1"), "--weight-decay must be at least 0, got -0.1"},
		{train("--clip-norm", "-1"), "--clip-norm must be at least 0"},
		{train("--noise", "nan"), "--noise must be at least 0, got NaN"},
		{train("--noise", "inf"), "--noise must be at least 0, got +Inf"},
		{train("--hidden", "8,0"), "--hidden takes widths of at least 1"},
		{train("--hidden", "8,x"), "-hidden"},
		{train("--couplings", "0"), "--couplings must be at least 1"},
		{train("--networks", "3"), "--networks must be 1 or 2, got 3"},
		{train("--clamp", "-1"), "--clamp must be at least 0"},
		{train("--latent", "0"), "--latent must be at least 1"},
		{train("--seed", "-1"), "-seed"},
		{train("--config", "nosuch.yaml"), "nosuch.yaml"},

		{[]string{"evaluate"}, "give one run directory, got 0 arguments"},
		{[]string{"evaluate", "a", "b"}, "give one run directory, got 2 arguments"},
		{evaluate("--data"), "needs an argument: -data"},
		{evaluate("--samples", "0"), "--samples must be at least 1"},
		{evaluate("--mre-threshold", "0"), "--mre-threshold must be above 0"},
		{evaluate("--threads", "-2"), "--threads must be at least 1"},
		{[]string{"sample", "a"}, "--data is needed"},
		{sample("--samples", "0"), "--samples must be at least 1"},
		{sample("--out", "draws.xls"), "unknown format"},
		{sample("--threads", "0"), "--threads must be at least 1"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			a := cei(t, c.args...)
			assert.Equal(t, exitUsage, a.code, a.err)
			assert.Contains(t, a.err, c.says)
			assert.True(t, strings.HasPrefix(a.err, "cei: "), a.err)
			assert.True(t, strings.HasSuffix(a.err, "\nRun cei help, or a command with --help.\n"), a.err)
			assert.Empty(t, a.out)
			assert.NoDirExists(t, out)
		})
	}
}

// A variable that makes no sense is wrong usage too, and named.
func TestWrongVariable(t *testing.T) {
	t.Setenv("CEI_EPOCHS", "many")
	a := cei(t, "train", "--model", "cinn", "--data", "nosuch.csv", "--out", filepath.Join(t.TempDir(), "new"))
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, `"CEI_EPOCHS"`)
}

// Help is a result: it goes to stdout, says what every flag does without being set, and says it once.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"-h"}, {"train", "--help"}, {"help", "train"}, {"evaluate", "run", "--help"}} {
		a := succeed(t, args...)
		assert.Empty(t, a.err)
		assert.Contains(t, a.out, "NAME:\n   cei", args)
	}
	for _, command := range newApp(streams{}).Commands {
		for _, line := range strings.Split(succeed(t, command.Name, "--help").out, "\n") {
			assert.LessOrEqual(t, strings.Count(line, "(default: "), 1, line)
			assert.NotContains(t, line, "default: 0)", line)
			assert.NotContains(t, line, "default: false)", line)
		}
	}
}

// What a script must not mistake for success.
func TestFailed(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	before := readFile(t, dir, "model.safetensors")
	a := cei(t, trainArgs("cinn", data, dir)...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, dir+" holds a run already")
	assert.Contains(t, a.err, "--resume")
	assert.Contains(t, a.err, "--force")
	assert.Equal(t, before, readFile(t, dir, "model.safetensors"))

	a = cei(t, trainArgs("cinn", data, data)...)
	assert.Equal(t, exitFailed, a.code, "a file is not a directory")
	assert.Contains(t, a.err, data)
}
