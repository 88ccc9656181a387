package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
)

// The whole way once, for every model, preset and frame: results on stdout alone, messages on stderr alone, and the
// files of a run directory.
func TestWholeWay(t *testing.T) {
	data := simulated(t, 200)
	for _, model := range []string{"cvae", "cinn"} {
		for _, preset := range []string{"robust", "reference"} {
			for _, frame := range []string{"as-is", "body"} {
				t.Run(model+" "+preset+" "+frame, func(t *testing.T) {
					bindingtest.NoLeak(t)
					dir := filepath.Join(t.TempDir(), "runs", "one")
					train := succeed(t, trainArgs(model, data, dir, "--preset", preset, "--frame", frame)...)
					checkTrained(t, train, dir)
					checkEvaluated(t, dir, model, frame)
					checkSampled(t, dir, data)
					assert.ElementsMatch(t, []string{
						"config.json", "model.safetensors", "last/state.safetensors", "last/previous.safetensors", "metrics.jsonl",
						"learning_curve.png", "learning_curve.svg", "evaluation.json",
					}, filesIn(t, dir))
				})
			}
		}
	}
}

func checkTrained(t *testing.T, a answer, dir string) {
	t.Helper()
	assert.Regexp(t, `^run +\S+/runs/one
epochs +3
best epoch +[1-3], validation loss \S+
learning curve \S+/runs/one/learning_curve\.png
$`, a.out)
	assert.Contains(t, a.err, "200 events: 140 to train on, 30 to validate, 30 to test")
	assert.Contains(t, a.err, "msg=epoch epoch=1 of=3 train_loss=")
	assert.Len(t, losses(t, dir), 3)
}

func checkEvaluated(t *testing.T, dir, model, frame string) {
	t.Helper()
	a := succeed(t, "evaluate", dir, "--samples", "20")
	assert.Contains(t, a.out, model+" on 30 events, 20 draws each, frame "+frame+", lengths in bohr")
	for _, word := range []string{"posterior mean", "single draw", "constant mean", "coverage", "log-likelihood", "energy score", "not a prediction"} {
		assert.Contains(t, a.out, word)
	}
	j := succeed(t, "evaluate", "--json", "--samples", "20", dir)
	assert.Equal(t, a.err, j.err)
	assert.Equal(t, readFile(t, dir, "evaluation.json"), j.out, "the same result is kept with the run")
	e := decoded(t, j.out)
	for _, key := range []string{"model", "events", "unit", "point", "sample", "per_component", "nll", "energy_score", "coverage", "round_trip"} {
		assert.Contains(t, e, key)
	}
	assert.Equal(t, []any{model, 30.0, "bohr", frame}, []any{e["model"], e["events"], e["unit"], e["frame"]})
	for _, key := range []string{"mse", "mre", "mre_masked"} {
		assert.Contains(t, e["point"], key)
		assert.Contains(t, e["sample"], key)
	}
	assert.Contains(t, e["point"], "ade")
	for _, level := range []string{"0.5", "0.68", "0.9", "0.95"} {
		assert.Contains(t, e["coverage"], level)
	}
	assert.Len(t, e["per_component"], 9)
}

func checkSampled(t *testing.T, dir, data string) {
	t.Helper()
	a := succeed(t, "sample", dir, "--data", data, "--samples", "2")
	lines := strings.Split(strings.TrimSuffix(a.out, "\n"), "\n")
	positions, _ := dataset.ColumnNames([]string{"C", "O", "S"})
	assert.Equal(t, "event,draw,"+strings.Join(positions, ","), lines[0])
	assert.Len(t, lines, 1+200*2)
	assert.Regexp(t, `^199,1(,-?[0-9.e+-]+){9}$`, lines[400])
	for _, line := range strings.Split(strings.TrimSpace(a.err), "\n") {
		assert.True(t, line == "" || strings.HasPrefix(line, "warning: "), line)
	}
	assert.NotContains(t, strings.ToLower(a.out), "nan")
}

// The same seed gives the same losses to the bit, another one others.
func TestSeedDecidesLosses(t *testing.T) {
	data := simulated(t, 200)
	for _, model := range []string{"cvae", "cinn"} {
		t.Run(model, func(t *testing.T) {
			dirs := []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "c")}
			for i, seed := range []string{"7", "7", "8"} {
				succeed(t, trainArgs(model, data, dirs[i], "--seed", seed)...)
			}
			assert.Equal(t, losses(t, dirs[0]), losses(t, dirs[1]))
			assert.NotEqual(t, losses(t, dirs[0])[0].TrainLoss, losses(t, dirs[2])[0].TrainLoss)
			assert.Equal(t, readFile(t, dirs[0], "model.safetensors"), readFile(t, dirs[1], "model.safetensors"))
		})
	}
}

// A training that prints JSON prints nothing else.
func TestTrainJSON(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	a := succeed(t, trainArgs("cinn", simulated(t, 200), dir, "--json")...)
	result := decoded(t, a.out)
	assert.Equal(t, dir, result["dir"])
	assert.Equal(t, 3.0, result["epochs"])
	assert.Equal(t, false, result["stopped_early"])
	epochs := losses(t, dir)
	assert.Equal(t, epochs[int(result["best_epoch"].(float64))-1].ValidationLoss, result["validation_loss"])
	assert.Equal(t, []any{filepath.Join(dir, "learning_curve.png"), filepath.Join(dir, "learning_curve.svg")}, result["learning_curve"])
}
