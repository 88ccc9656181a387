package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tinyBench are the arguments of a benchmark that takes a moment.
func tinyBench(more ...string) []string {
	return append([]string{
		"bench", "--rounds", "2", "--steps", "2", "--widths", "8", "--batches", "32", "--couplings", "2", "--draws", "50", "--events", "200",
	}, more...)
}

// The result as JSON has what scripts count on, on stdout and in the file alike; a peer that is not there is null.
func TestBenchJSON(t *testing.T) {
	out := filepath.Join(t.TempDir(), "performance.json")
	a := succeed(t, tinyBench("--work", "cinn_step,cvae_step", "--json", "--out", out, "--python", filepath.Join(t.TempDir(), "python-of-nobody"))...)
	assert.Equal(t, a.out, readFile(t, out))
	assert.Contains(t, a.err, "python-of-nobody is left out")
	assert.Regexp(t, `2 cases, which take about \d+ s on an idle machine`, a.err)
	assert.Regexp(t, `2 of 2, about \d+ s left: cvae_step of cvae, width 8, 2 layers, batch 32`, a.err)
	results := decoded(t, a.out)["results"].([]any)
	require.Len(t, results, 2)
	for i, work := range []string{"cinn_step", "cvae_step"} {
		r := results[i].(map[string]any)
		assert.Equal(t, work, r["work"])
		assert.Equal(t, 8.0, r["width"])
		assert.Equal(t, 32.0, r["batch"])
		assert.Equal(t, "cpu", r["device"])
		assert.Positive(t, r["threads"])
		for _, key := range []string{"median_ms", "p90_ms", "floor_ms"} {
			assert.Positive(t, r[key], key)
		}
		assert.Contains(t, r, "peer_ms")
		assert.Nil(t, r["peer_ms"])
	}

	a = cei(t, tinyBench("--work", "cinn_step", "--out", out)...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "--force replaces it")
}

// Programs are measured from outside: this one's start, and the memory of its training. The table has a line for each.
func TestBenchPrograms(t *testing.T) {
	t.Setenv(commandVariable, "1")
	a := succeed(t, tinyBench("--work", "start_up,peak_memory,epoch,time_to_loss,evaluation", "--target-loss", "1e9")...)
	for _, start := range []string{"work ", "start_up ", "peak_memory ", "epoch ", "time_to_loss ", "evaluation "} {
		assert.Contains(t, a.out, "\n"+start)
	}
	assert.Contains(t, a.out, "matrix products at ")
	assert.Regexp(t, `peak_memory of cinn, width 8, 2 couplings, batch 32: \d+ MiB at most\n`, a.out)
	assert.Regexp(t, `epoch of cvae, width 8, 2 layers, batch 32: \S+ times its bare steps`, a.out)
	assert.Regexp(t, `time_to_loss of cinn, .*: 1 epochs to a loss of 1000000000\n`, a.out)
}

func TestBenchWrongUsage(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"--work juggle", `there is no work "juggle": known are cinn_step, `},
		{"--widths 0", "--widths takes numbers of at least 1, got 0"},
		{"--batches 512,-1", "--batches takes numbers of at least 1, got -1"},
		{"--couplings 0", "--couplings takes"},
		{"--layers 0", "--layers takes"},
		{"--rounds 0", "--rounds must be at least 1"},
		{"--steps 0", "--steps must be at least 1"},
		{"--draws 1", "--draws must be at least 2"},
		{"--events 10", "--events must be at least 100"},
		{"--case-seconds 0", "--case-seconds must be above 0"},
		{"--threads 0", "--threads must be at least 1"},
		{"--device gpu", "--device"},
		{"--target-loss nan", "--target-loss must be a number"},
		{"more", `unexpected argument "more"`},
	} {
		a := cei(t, append([]string{"bench"}, strings.Fields(c.args)...)...)
		assert.Equal(t, exitUsage, a.code, c.args)
		assert.Contains(t, a.err, c.says)
	}
}
