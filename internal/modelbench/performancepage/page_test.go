package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/modelbench"
)

func ptr[T any](v T) *T { return &v }

// measured returns a result whose peer takes twice as long and whose floor takes half.
func measured(c modelbench.Case, ms float64) modelbench.Result {
	return modelbench.Result{
		Case: c, Device: "cpu", Threads: 2, Samples: 60, MedianMS: &ms, P10MS: ptr(ms * 0.9), P90MS: ptr(ms * 1.1), PeerMS: ptr(2 * ms), FloorMS: ptr(ms / 2),
		PeerOverOurs: &modelbench.Spread{Median: 2, P10: 1.9, P90: 2.1}, OursOverFloor: &modelbench.Spread{Median: 2, P10: 1.8, P90: 2.2},
		Peer: &modelbench.Contestant{Torch: "9.9", Mode: "eager", Threads: "2 threads"},
	}
}

// wholeReport has something for every section.
func wholeReport() *modelbench.Report {
	const cinn = modelbench.CINN
	left := modelbench.Result{Case: modelbench.Case{Work: modelbench.CINNStep, Model: cinn, Width: 512, Batch: 65_536, Couplings: 20}, LeftOut: "it takes an age"}
	epoch := measured(modelbench.Case{Work: modelbench.Epoch, Model: cinn, Width: 128, Batch: 512, Couplings: 20}, 800)
	epoch.StepsMS, epoch.ValidationMS, epoch.OverBare = ptr(700.0), ptr(70.0), &modelbench.Spread{Median: 1.039, P10: 1, P90: 1.1}
	loss := measured(modelbench.Case{Work: modelbench.TimeToLoss, Model: cinn, Width: 128, Batch: 512, Couplings: 20}, 4000)
	loss.TargetLoss, loss.Epochs = ptr(-2.0), &modelbench.Spread{Median: 6, P10: 5, P90: 7}
	memory := modelbench.Result{Case: modelbench.Case{Work: modelbench.PeakMemory, Model: cinn, Width: 128, Batch: 512}, MedianMiB: ptr(321.0)}
	r := &modelbench.Report{
		Machine: modelbench.Machine{Processor: "a processor", Cores: 2, LoadBefore: "0.01", WaitingWork: 0.004},
		Peers:   []modelbench.Peer{{Python: "/somewhere/private/python", Torch: "9.9", Threads: []string{"1 thread", "2 threads"}, Modes: []string{"eager"}}, {Python: "/nowhere/python", Missing: "fork/exec /nowhere/python"}},
		Floor:   modelbench.FloorSummary{GFLOPS: 123.4},
		Results: []modelbench.Result{
			epoch, loss, memory, left,
			measured(modelbench.Case{Work: modelbench.DrawOneCondition, Model: cinn, Width: 128, Batch: 10_000, Couplings: 20}, 30),
			measured(modelbench.Case{Work: modelbench.Evaluation, Model: cinn, Width: 128, Batch: 100_000, Couplings: 20}, 1500),
			measured(modelbench.Case{Work: modelbench.StartUp}, 5),
			measured(modelbench.Case{Work: modelbench.CINNStepRobust, Model: modelbench.CINNRobust, Width: 128, Batch: 512, Couplings: 10}, 20),
			measured(modelbench.Case{Work: modelbench.CVAEStep, Model: modelbench.CVAE, Width: 128, Batch: 512, Layers: 2}, 1),
		},
	}
	r.Results = append(r.Results, measured(modelbench.Case{Work: modelbench.CINNStep, Model: cinn, Width: 128, Batch: 512, Couplings: 20}, 13.1))
	for _, size := range [][3]int{{64, 512, 20}, {128, 512, 20}, {512, 512, 20}, {128, 128, 20}, {128, 65_536, 20}, {128, 512, 5}} {
		c := modelbench.Case{Work: modelbench.CINNStep, Model: cinn, Width: size[0], Batch: size[1], Couplings: size[2], Brief: true}
		r.Results = append(r.Results, measured(c, float64(size[0]*size[1]*size[2])/1e5))
	}
	for _, layers := range []int{1, 2, 8} {
		r.Results = append(r.Results, measured(modelbench.Case{Work: modelbench.CVAEStep, Model: modelbench.CVAE, Width: 128, Batch: 512, Layers: layers, Brief: true}, float64(layers)))
	}
	r.Results[len(r.Results)-1].PeerMS, r.Results[len(r.Results)-1].PeerFailure = nil, "/somewhere/private/python has ended"
	r.Cases = len(r.Results) + 1
	return r
}

func writeReport(t *testing.T, r *modelbench.Report) (path string) {
	t.Helper()
	text, err := json.Marshal(r)
	require.NoError(t, err)
	path = filepath.Join(t.TempDir(), "performance.json")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return path
}

// The page has every section, and its figures lie beside it.
func TestPage(t *testing.T) {
	out := filepath.Join(t.TempDir(), "docs", "performance.md")
	require.NoError(t, run(writeReport(t, wholeReport()), out))
	raw, err := os.ReadFile(out)
	require.NoError(t, err)
	text := string(raw)
	for _, words := range []string{
		"a processor, 2 cores", "load 0.01 before", "took 0.4 % of a core", "123.4 GFLOP/s", "- torch 9.9: 1 thread, 2 threads; eager", "- a Python without PyTorch, left out",
		"## Training steps\n", "| cinn_step | cinn | 128 | 512 | 13.1 (11.8–14.4) | 26.2 | 2 (1.9–2.1) | 6.55 | 2 (1.8–2.2) | 60 | torch 9.9, eager, 2 threads |",
		"| cinn_step_robust |", "## Draws and densities\n", "| draw_one_condition | cinn | 128 | 10,000 |", "## An epoch\n", "| 1.04 (1–1.1) |",
		"## Time to a validation loss\n", "| cinn | -2 | 4000 (3600–4400) | 6 |", "100,000 draws in all", "`cei --help`: 5 (4.5–5.5) ms", "321 MiB at most",
		"## All sizes\n", "| cinn_step | 64 | 20 couplings | 512 |", "| cvae_step | 128 | 8 layers | 512 |", "| 60 | it failed |", "stopped after 19 of its 20 cases", "## Left out\n", "batch 65536: it takes an age",
	} {
		assert.Contains(t, text, words)
	}
	assert.NotContains(t, text, "private", "paths of the machine stay there")
	assert.NotContains(t, text, "nowhere")
	assert.NotContains(t, text, "<no value>")
	assert.NotContains(t, text, "\n\n\n")
	for _, name := range []string{"step_width.png", "step_batch.png", "step_depth.png"} {
		assert.Contains(t, text, "](images/"+name+")")
		picture, err := os.ReadFile(filepath.Join(filepath.Dir(out), "images", name))
		require.NoError(t, err)
		size, err := png.DecodeConfig(bytes.NewReader(picture))
		require.NoError(t, err)
		assert.Greater(t, size.Width, 400)
	}
}

// What was not measured leaves no section behind.
func TestPageOfLittle(t *testing.T) {
	r := wholeReport()
	r.Peers, r.Results = nil, []modelbench.Result{{Case: modelbench.Case{Work: modelbench.StartUp}, MedianMS: ptr(5.0), P10MS: ptr(4.0), P90MS: ptr(6.0)}}
	text, err := page(r, figuresOf(r.Results))
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(text), "\n## "))
	assert.Contains(t, string(text), "- none was asked for")
	assert.NotContains(t, string(text), "import torch")
}

// A sweep has the steps along its axis alone, in order, and those that were left out are no points.
func TestSweep(t *testing.T) {
	s := sweepOf(wholeReport().Results, modelbench.CINNStep, "", widths)
	var sizes []int
	for _, p := range s.points {
		sizes = append(sizes, p.size)
	}
	assert.Equal(t, []int{64, 128, 512}, sizes)
	assert.True(t, sweepOf(wholeReport().Results, modelbench.CVAEStep, "", widths).few())
}

func TestPowerTicks(t *testing.T) {
	var labels []string
	for _, tick := range powerTicks(0.1, 100) {
		assert.GreaterOrEqual(t, tick.Value, 0.0999)
		if tick.Label != "" {
			labels = append(labels, tick.Label)
		}
	}
	assert.Equal(t, []string{"0.1", "1", "10", "100"}, labels)
}

func TestWrongInput(t *testing.T) {
	out := filepath.Join(t.TempDir(), "page.md")
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte("{"), 0o600))
	assert.ErrorContains(t, run(bad, out), bad)
	assert.ErrorContains(t, run(writeReport(t, &modelbench.Report{}), out), "found none")
	assert.ErrorIs(t, run(filepath.Join(t.TempDir(), "none.json"), out), os.ErrNotExist)
	assert.NoFileExists(t, out)
}
