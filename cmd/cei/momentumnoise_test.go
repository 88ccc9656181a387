package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// A run remembers its noise, and its test part is judged with it; another table is judged as it is, and that is said.
func TestMomentumNoiseFromTrainingToEvaluation(t *testing.T) {
	dir, _ := trainedRun(t, "cinn", "--momentum-noise", "0.05", "--momentum-noise-absolute", "0.5")
	want := trainer.MomentumNoise{Relative: 0.05, Absolute: 0.5}
	run, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	assert.Equal(t, want, run.Training.MomentumNoise)

	evaluate := func(flags ...string) answer {
		return succeed(t, append([]string{"evaluate", dir, "--samples", "5"}, flags...)...)
	}
	const said = "noise was added to their momenta: 0.05 of each component, and 0.5 in the table's unit"
	assert.Contains(t, evaluate().out, said)
	noisy, clean := evaluate("--json"), evaluate("--json", "--momentum-noise", "0", "--momentum-noise-absolute", "0")
	assert.Equal(t, map[string]any{"relative": 0.05, "absolute": 0.5}, decoded(t, noisy.out)["momentum_noise"])
	assert.NotContains(t, decoded(t, clean.out), "momentum_noise")
	assert.NotEqual(t, decoded(t, noisy.out)["nll"], decoded(t, clean.out)["nll"])
	assert.Contains(t, readFile(t, dir, evaluationFile), "momentum_noise", "what is kept is the judgement with the run's own noise")

	other := filepath.Join(t.TempDir(), "other.csv")
	succeed(t, "simulate", "--events", "40", "--seed", "9", "--out", other)
	a := evaluate("--data", other)
	assert.NotContains(t, a.out, "noise")
	assert.Contains(t, a.err, "are judged as they are: --momentum-noise adds noise to them")
	a = evaluate("--data", other, "--momentum-noise", "0.05", "--momentum-noise-absolute", "0.5")
	assert.Contains(t, a.out, said)
	assert.NotContains(t, a.err, "as they are")
}

func TestBadMomentumNoiseIsWrongUsage(t *testing.T) {
	for _, flag := range []string{"--momentum-noise", "--momentum-noise-absolute"} {
		a := cei(t, "evaluate", "run", flag, "-1")
		assert.Equal(t, exitUsage, a.code)
		assert.Contains(t, a.err, flag+" must be at least 0, got -1")
	}
}

// Every option of the models goes from the command line into the run, and the run is opened again with it.
func TestOptionsOfTheModels(t *testing.T) {
	for model, flags := range map[string][]string{
		"cinn": {"--coupling", "spline", "--bins", "4", "--permutation", "linear", "--actnorm", "--average", "0.9"},
		"cvae": {"--prior", "learned", "--kl-warmup-epochs", "2"},
	} {
		dir, _ := trainedRun(t, model, flags...)
		config := readFile(t, dir, trainer.ConfigFile)
		for _, stored := range map[string][]string{
			"cinn": {`"coupling": "spline"`, `"bins": 4`, `"permutation": "linear"`, `"act_norm": true`, `"average": 0.9`},
			"cvae": {`"learned_prior": true`, `"kl_warmup_epochs": 2`},
		}[model] {
			assert.Contains(t, config, stored)
		}
		succeed(t, "evaluate", dir, "--samples", "5")
	}
}
