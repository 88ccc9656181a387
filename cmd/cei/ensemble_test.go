package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// ensembleFiles are those of an ensemble that many members of which are trained.
func ensembleFiles(members int) (files []string) {
	files = []string{"ensemble.json", "learning_curve.png", "learning_curve.svg"}
	for member := 1; member <= members; member++ {
		for _, name := range []string{"config.json", "last/previous.safetensors", "last/state.safetensors", "learning_curve.png", "learning_curve.svg", "metrics.jsonl", "model.safetensors"} {
			files = append(files, fmt.Sprintf("member-%d/%s", member, name))
		}
	}
	return files
}

// An ensemble goes the whole way that a run does, by the same commands.
func TestEnsembleTheWholeWay(t *testing.T) {
	bindingtest.NoLeak(t)
	data, dir, single := simulated(t, 200), filepath.Join(t.TempDir(), "many"), filepath.Join(t.TempDir(), "one")
	a := succeed(t, trainArgs("cinn", data, dir, "--members", "2", "--seed", "7")...)
	assert.Contains(t, a.err, "member 1 of 2: the cinn with seed 7, ")
	assert.Contains(t, a.err, "member=2 epoch=1 of=3 ")
	assert.Contains(t, a.out, "\nmember-2       epochs 3; best epoch ")
	assert.Equal(t, ensembleFiles(2), filesIn(t, dir))

	succeed(t, trainArgs("cinn", data, single, "--seed", "7")...)
	assert.Equal(t, readFile(t, single, "model.safetensors"), readFile(t, dir, "member-1", "model.safetensors"))
	assert.NotEqual(t, readFile(t, single, "model.safetensors"), readFile(t, dir, "member-2", "model.safetensors"))
	assert.Equal(t, losses(t, single), losses(t, filepath.Join(dir, "member-1")))

	e := decoded(t, succeed(t, "evaluate", dir, "--samples", "5", "--json").out)
	assert.Equal(t, []any{"cinn", 2.0, 30.0}, []any{e["model"], e["members"], e["events"]}, "the test part of either's split")
	assert.Contains(t, filesIn(t, dir), evaluationFile)
	assert.Contains(t, succeed(t, "evaluate", dir, "--samples", "5").out, "ensemble of 2 cinn on 30 events")
	assert.Contains(t, succeed(t, "evaluate", dir, "--samples", "5", "--data", data).err, "was trained on")

	draws := succeed(t, "sample", dir, "--data", data, "--samples", "4").out
	assert.Equal(t, 1+200*4, strings.Count(draws, "\n"))
	assert.Equal(t, draws, succeed(t, "sample", dir, "--data", data, "--samples", "4").out)
	assert.NotEqual(t, draws, succeed(t, "sample", single, "--data", data, "--samples", "4").out)
	assert.Equal(t, 1+200, strings.Count(succeed(t, "sample", dir, "--data", data, "--samples", "4", "--summary").out, "\n"))
	succeed(t, "retrieve", "--run", dir, "--data", data, "--samples", "2", "--shapes", "50", "--out", filepath.Join(t.TempDir(), "found.csv"))
}

func TestEnsembleResultAsJSON(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "many")
	result := decoded(t, succeed(t, trainArgs("cvae", data, dir, "--members", "2", "--json")...).out)
	assert.Equal(t, dir, result["dir"])
	assert.Equal(t, []any{filepath.Join(dir, "learning_curve.png"), filepath.Join(dir, "learning_curve.svg")}, result["learning_curve"])
	members := result["members"].([]any)
	require.Len(t, members, 2)
	for i, m := range members {
		assert.Equal(t, trainer.MemberDir(dir, i+1), m.(map[string]any)["dir"])
		assert.Equal(t, 3.0, m.(map[string]any)["epochs"])
	}
}

// An ensemble of one is a run.
func TestEnsembleOfOneIsARun(t *testing.T) {
	dir, _ := trainedRun(t, "cinn", "--members", "1")
	assert.NotContains(t, filesIn(t, dir), "ensemble.json")
	assert.Contains(t, filesIn(t, dir), "config.json")
	assert.Equal(t, exitUsage, cei(t, trainArgs("cinn", "a.csv", dir, "--members", "0")...).code)
}

func TestInterruptAndResumeEnsemble(t *testing.T) {
	bindingtest.NoLeak(t)
	data := simulated(t, 200)
	undisturbed := filepath.Join(t.TempDir(), "a")
	succeed(t, trainArgs("cinn", data, undisturbed, "--members", "2")...)
	for _, when := range []string{"training an ensemble", "member=1 epoch=1 ", "member 2 of 2", "member=2 epoch=1 "} {
		dir := filepath.Join(t.TempDir(), "b")
		a := interrupted(t, when, trainArgs("cinn", data, dir, "--members", "2")...)
		assert.Equal(t, exitInterrupted, a.code)
		assert.Contains(t, a.err, dir+" holds what is trained of the ensemble: --resume continues it", when)
		assert.Empty(t, a.out)

		a = cei(t, "evaluate", dir)
		assert.Equal(t, exitFailed, a.code)
		assert.Regexp(t, `members? (2 is|1 to 2 are) not trained to the end`, a.err)
		assert.Equal(t, exitFailed, cei(t, trainArgs("cinn", data, dir, "--members", "2")...).code, "without --resume or --force")

		succeed(t, trainArgs("cinn", data, dir, "--members", "2", "--resume")...)
		assert.Equal(t, ensembleFiles(2), filesIn(t, dir))
		for _, member := range []string{"member-1", "member-2"} {
			assert.Equal(t, losses(t, filepath.Join(undisturbed, member)), losses(t, filepath.Join(dir, member)))
			assert.Equal(t, readFile(t, undisturbed, member, "model.safetensors"), readFile(t, dir, member, "model.safetensors"))
		}
	}
}

// Evaluations stay while nothing is trained, and go when members are added.
func TestResumedEnsembleGrows(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "many")
	succeed(t, trainArgs("cinn", data, dir, "--members", "2")...)
	succeed(t, "evaluate", dir, "--samples", "5")
	succeed(t, trainArgs("cinn", data, dir, "--members", "2", "--resume")...)
	assert.Contains(t, filesIn(t, dir), evaluationFile)
	succeed(t, trainArgs("cinn", data, dir, "--members", "3", "--resume")...)
	assert.Equal(t, ensembleFiles(3), filesIn(t, dir))
	for args, says := range map[string]string{"--members=2": "an ensemble of 3 members, and 2 are asked for", "--members=1": "holds an ensemble, and a single run was asked for"} {
		a := cei(t, trainArgs("cinn", data, dir, "--resume", args)...)
		assert.Equal(t, exitFailed, a.code)
		assert.Contains(t, a.err, says)
	}
	assert.Equal(t, ensembleFiles(3), filesIn(t, dir))
}

// Nothing of what was there before is mixed with what --force puts in its place.
func TestForceReplacesEnsembles(t *testing.T) {
	run, data := trainedRun(t, "cinn")
	succeed(t, "evaluate", run, "--samples", "5")
	files := filesIn(t, run)
	a := cei(t, trainArgs("cinn", data, run, "--members", "3")...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "holds a run already")

	succeed(t, trainArgs("cinn", data, run, "--members", "3", "--force")...)
	assert.Equal(t, ensembleFiles(3), filesIn(t, run))
	a = cei(t, trainArgs("cinn", data, run)...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "ensemble.json")
	succeed(t, trainArgs("cvae", data, run, "--members", "2", "--force")...)
	assert.Equal(t, ensembleFiles(2), filesIn(t, run))
	succeed(t, trainArgs("cinn", data, run, "--force")...)
	succeed(t, "evaluate", run, "--samples", "5")
	assert.Equal(t, files, filesIn(t, run))
}

// A run in what would be a member's place may be anybody's.
func TestEnsembleReplacesNothingUnasked(t *testing.T) {
	run, data := trainedRun(t, "cinn")
	dir := t.TempDir()
	a := cei(t, trainArgs("cinn", data, filepath.Join(dir, "member-2"))...)
	require.Equal(t, exitDone, a.code)
	a = cei(t, trainArgs("cinn", data, dir, "--members", "2")...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, filepath.Join(dir, "member-2")+" holds a run already")
	assert.NoFileExists(t, filepath.Join(dir, "ensemble.json"))
	assert.Equal(t, readFile(t, run, "model.safetensors"), readFile(t, dir, "member-2", "model.safetensors"))
}
