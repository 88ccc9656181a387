package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

// interrupter cancels a context when a word is written to it.
type interrupter struct {
	bytes.Buffer
	word   string
	cancel context.CancelFunc
}

func (i *interrupter) Write(p []byte) (int, error) {
	if strings.Contains(string(p), i.word) {
		i.cancel()
	}
	return i.Buffer.Write(p)
}

// interrupted runs the command line and interrupts it when it writes that word to stderr.
func interrupted(t *testing.T, word string, args ...string) answer {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	err := &interrupter{word: word, cancel: cancel}
	code := run(ctx, append([]string{"cei"}, args...), streams{out: &out, err: err})
	return answer{code, out.String(), err.String()}
}

// A training that was interrupted and resumed ends with the losses and weights of one that was not.
func TestInterruptAndResume(t *testing.T) {
	bindingtest.NoLeak(t)
	data := simulated(t, 200)
	for _, model := range []string{"cvae", "cinn"} {
		for _, when := range []string{"training the ", "msg=epoch epoch=1 "} { // before the first step, and after the first epoch
			t.Run(model+" at "+when, func(t *testing.T) {
				undisturbed, dir := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
				succeed(t, trainArgs(model, data, undisturbed)...)

				a := interrupted(t, when, trainArgs(model, data, dir)...)
				assert.Equal(t, exitInterrupted, a.code)
				assert.Contains(t, a.err, "cei: interrupted: ")
				assert.Contains(t, a.err, dir+" holds a checkpoint: --resume continues the run")
				assert.Empty(t, a.out)
				assert.FileExists(t, filepath.Join(dir, "last", "state.safetensors"))
				assert.Less(t, len(losses(t, dir)), 3)

				succeed(t, trainArgs(model, data, dir, "--resume")...)
				assert.Equal(t, losses(t, undisturbed), losses(t, dir))
				assert.Equal(t, readFile(t, undisturbed, "model.safetensors"), readFile(t, dir, "model.safetensors"))
			})
		}
	}
}

// Resuming a run that has ended trains no more, and with more epochs goes on.
func TestResumeEndedRun(t *testing.T) {
	dir, data := trainedRun(t, "cinn", "--schedule", "constant", "--warmup-epochs", "0")
	was, weights := losses(t, dir), readFile(t, dir, "model.safetensors")
	args := trainArgs("cinn", data, dir, "--schedule", "constant", "--warmup-epochs", "0", "--resume")
	succeed(t, "evaluate", dir, "--samples", "5")
	succeed(t, args...)
	assert.Equal(t, was, losses(t, dir))
	assert.Equal(t, weights, readFile(t, dir, "model.safetensors"))
	assert.Contains(t, filesIn(t, dir), evaluationFile, "it still belongs to these weights")
	succeed(t, append(args, "--epochs", "5")...)
	assert.NotContains(t, filesIn(t, dir), evaluationFile)
	assert.Equal(t, was, losses(t, dir)[:3])
	assert.Len(t, losses(t, dir), 5)
}

// --resume starts a run where there is none, so that a job may always be given it.
func TestResumeNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	succeed(t, trainArgs("cvae", simulated(t, 200), dir, "--resume")...)
	assert.Len(t, losses(t, dir), 3)
}

func TestResumeRefusesAnotherTraining(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	before := readFile(t, dir, "config.json")
	for _, args := range [][]string{
		trainArgs("cvae", data, dir, "--resume"),
		trainArgs("cinn", simulated(t, 210), dir, "--resume"),
		trainArgs("cinn", data, dir, "--resume", "--seed", "2"),
		trainArgs("cinn", data, dir, "--resume", "--frame", "body"),
		trainArgs("cinn", data, dir, "--resume", "--learning-rate", "0.5"),
	} {
		a := cei(t, args...)
		assert.Equal(t, exitFailed, a.code, args)
		assert.Contains(t, a.err, dir)
		assert.Equal(t, before, readFile(t, dir, "config.json"))
	}
}

// What --force puts in place of a run holds nothing of the run before.
func TestForceReplacesRun(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	succeed(t, "evaluate", dir, "--samples", "5")
	require.FileExists(t, filepath.Join(dir, evaluationFile))
	succeed(t, trainArgs("cvae", data, dir, "--force", "--epochs", "2")...)
	assert.NoFileExists(t, filepath.Join(dir, evaluationFile), "which judged other weights")
	assert.Len(t, losses(t, dir), 2)
	assert.Equal(t, "cvae", decoded(t, readFile(t, dir, "config.json"))["model"].(map[string]any)["kind"])

	interrupted(t, "training the ", trainArgs("cinn", data, dir, "--force")...)
	for _, picture := range []string{"learning_curve.png", "learning_curve.svg"} {
		assert.NoFileExists(t, filepath.Join(dir, picture), "which showed another run")
	}
}

// Another program's files that happen to have a run's names are not written over either.
func TestTrainReplacesNothingUnasked(t *testing.T) {
	data := simulated(t, 200)
	for _, name := range []string{"config.json", "model.safetensors", "metrics.jsonl"} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600))
		a := cei(t, trainArgs("cinn", data, dir)...)
		assert.Equal(t, exitFailed, a.code)
		assert.Contains(t, a.err, name)
		assert.Equal(t, []string{name}, filesIn(t, dir))
		assert.Equal(t, "mine", readFile(t, dir, name))
	}
}
