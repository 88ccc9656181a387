package modelbench

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

// tiny returns options for a run of moments. The binaries that it starts are this one.
func tiny(t *testing.T, works ...Work) Options {
	t.Helper()
	o := DefaultOptions()
	o.Works, o.Rounds, o.Steps, o.Events, o.Draws, o.FloorSizes = works, 2, 2, 400, 20, []int{16}
	o.Grid = Grid{Widths: []int{8}, Batches: []int{64}, Couplings: []int{2}, Layers: []int{3}, Draws: 50}
	o.TargetLoss, o.CaseTime = ptr(1e6), time.Second
	self, err := os.Executable()
	require.NoError(t, err)
	o.Binary = self
	return o
}

// facing returns options with a fake peer.
func facing(t *testing.T, kind string, o Options) Options {
	t.Helper()
	t.Setenv(fakeVariable, kind)
	o.Pythons = []string{o.Binary}
	return o
}

// A run against a peer that finds the same measures every work, and the report says of each what it was compared with.
func TestRunBesideAPeer(t *testing.T) {
	bindingtest.NoLeak(t)
	o := facing(t, honest, tiny(t, Works()...))
	o.Compile = true
	report, err := Run(t.Context(), o)
	require.NoError(t, err)
	assert.Len(t, report.Results, len(o.Grid.cases(Works())))
	require.Len(t, report.Peers, 1)
	assert.Equal(t, "0.0.fake", report.Peers[0].Torch)
	assert.Equal(t, []string{"eager", "compile"}, report.Peers[0].Modes)
	for _, r := range report.Results {
		assert.Empty(t, r.LeftOut, r.Case)
		assert.Empty(t, r.PeerFailure, r.Case)
		switch r.Work {
		case PeakMemory:
			assert.Positive(t, *r.MedianMiB)
			assert.Equal(t, 12.5, *r.PeerMiB)
			continue
		case Evaluation:
			assert.Nil(t, r.PeerMS)
			assert.Equal(t, 40*o.Draws, r.Batch, "a tenth of the events is the test part")
		case StartUp, TimeToLoss:
			assert.NotNil(t, r.PeerMS, r.Case)
			assert.Nil(t, r.FloorMS, r.Case)
		case Epoch:
			assert.Equal(t, 1.5, *r.PeerMS)
			assert.Positive(t, *r.StepsMS)
			assert.Positive(t, *r.ValidationMS)
			assert.Positive(t, r.OverBare.Median)
		default:
			assert.Equal(t, 1.5, *r.PeerMS, r.Case)
			assert.Equal(t, 4, r.Samples, r.Case)
			assert.InEpsilon(t, r.Check.Ours, r.Check.Peer, 1e-6, r.Case)
		}
		assert.Positive(t, *r.MedianMS, r.Case)
		assert.LessOrEqual(t, *r.P10MS, *r.P90MS, r.Case)
		assert.Equal(t, o.Rounds, r.Rounds, r.Case)
	}
}

// Without a peer, what it would have taken is null, and everything that was promised is there.
func TestReportWithoutPeer(t *testing.T) {
	o := tiny(t, CINNStep)
	o.Pythons = []string{filepath.Join(t.TempDir(), "no-python")}
	report, err := Run(t.Context(), o)
	require.NoError(t, err)
	assert.Contains(t, report.Peers[0].Missing, "no-python")
	text, err := json.Marshal(report)
	require.NoError(t, err)
	var all struct {
		Machine map[string]any
		Floor   map[string]any
		Results []map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &all))
	for _, key := range []string{"processor", "cores", "libtorch", "load_before", "threads", "device"} {
		assert.Contains(t, all.Machine, key)
	}
	assert.Positive(t, all.Floor["gflops"])
	require.Len(t, all.Results, 1)
	r := all.Results[0]
	for _, key := range []string{"peer_ms", "peer", "peer_over_ours"} {
		assert.Contains(t, r, key)
		assert.Nil(t, r[key], key)
	}
	for key, want := range map[string]any{"work": "cinn_step", "width": 8.0, "batch": 64.0, "device": "cpu", "threads": float64(report.Machine.Threads)} {
		assert.Equal(t, want, r[key], key)
	}
	for _, key := range []string{"median_ms", "p90_ms", "floor_ms", "parameters", "operations"} {
		assert.Positive(t, r[key], key)
	}
}

// What a peer does wrong is told, and by whom.
func TestPeerGoesWrong(t *testing.T) {
	for kind, says := range map[string][]string{
		chattering: {"load", "expected a line of JSON", "good morning"},
		talkative:  {"load", "did not expect the answer", "seven"},
		forgetful:  {"asked for 1 samples, got 0"},
		dishonest:  {"do not compute the same", "torch 0.0.fake", "differ by more than 0.0001"},
	} {
		t.Run(kind, func(t *testing.T) {
			bindingtest.NoLeak(t)
			_, err := Run(t.Context(), facing(t, kind, tiny(t, CINNStep)))
			for _, words := range says {
				assert.ErrorContains(t, err, words)
			}
		})
	}
}

// A Python without PyTorch is left out, and so is a case that PyTorch fails at; the rest is measured.
func TestPeerIsMissing(t *testing.T) {
	report, err := Run(t.Context(), facing(t, lacking, tiny(t, CINNStep, StartUp)))
	require.NoError(t, err)
	assert.Contains(t, report.Peers[0].Missing, "no PyTorch: none at all")
	assert.Nil(t, report.Results[0].PeerMS)

	report, err = Run(t.Context(), facing(t, incapable, tiny(t, CVAEStep, Epoch)))
	require.NoError(t, err)
	for _, r := range report.Results {
		assert.Nil(t, r.PeerMS)
		assert.Positive(t, *r.MedianMS)
	}
	assert.Contains(t, report.Results[0].PeerFailure, "there is not enough memory")
}

// A case at which the peer ends is measured without it, and the report says why; for the next the peer is there again.
func TestPeerEnds(t *testing.T) {
	bindingtest.NoLeak(t)
	o := facing(t, dying, tiny(t, CINNStep, CVAEStep, Epoch, DrawOneCondition))
	kept := 0
	o.Keep = func(r *Report) error {
		kept++
		assert.Len(t, r.Results, kept)
		return nil
	}
	report, err := Run(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, report.Cases, kept)
	for _, r := range report.Results {
		assert.Positive(t, *r.MedianMS, r.Case)
		if r.Work == DrawOneCondition {
			assert.NotNil(t, r.PeerMS, r.Case)
			continue
		}
		assert.Nil(t, r.PeerMS, r.Case)
		for _, words := range []string{"load", "these are its last words", "exit status 3"} {
			assert.Contains(t, r.PeerFailure, words, r.Case)
		}
	}
}

// A run that is stopped returns what it measured before.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	o := tiny(t, CVAEStep, CINNStep)
	o.Keep = func(*Report) error {
		stop()
		return nil
	}
	report, err := Run(ctx, o)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Len(t, report.Results, 1)
	assert.Equal(t, 2, report.Cases)

	o.Keep = func(*Report) error { return os.ErrPermission }
	_, err = Run(t.Context(), o)
	assert.ErrorIs(t, err, os.ErrPermission)
}

// Brief cases are compared with what is not compiled, by the ways that are not hopeless at the reference's size.
func TestBriefPeer(t *testing.T) {
	o := facing(t, honest, tiny(t, CINNStep, LogDensity))
	o.Compile = true
	var loads []string
	o.Progress = func(string, ...any) {}
	b := newBench(o, Machine{Threads: 2})
	b.folder = t.TempDir()
	require.NoError(t, b.startPeers(t.Context()))
	defer b.closePeers()
	require.Len(t, b.candidates, 2, "settings of threads; it has no BLAS of its own")
	for _, c := range []Case{
		{Work: CINNStep, Model: CINN, Width: 8, Batch: 16, Couplings: 2},
		{Work: CINNStep, Model: CINN, Width: 8, Batch: 32, Couplings: 2, Brief: true},
	} {
		s, err := newSubject(c, o.Device)
		require.NoError(t, err)
		e, err := b.rival(t.Context(), s)
		require.NoError(t, err)
		loads = append(loads, b.candidates[1].loaded)
		assert.Equal(t, eager, e.mode, "the first of several that are equally fast")
		require.NoError(t, s.close())
	}
	assert.Equal(t, []string{compiled, eager}, loads)
	assert.Len(t, b.quickest[family{CINNStep, CINN}], 2)
}

// An interrupt ends a run that waits for a peer, and the peer with it.
func TestInterrupt(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	_, err := Run(ctx, facing(t, sleeping, tiny(t, CINNStep)))
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

// What takes too long, or cannot be reached, is left out with the reason.
func TestLeftOut(t *testing.T) {
	o := tiny(t, CVAEStep, TimeToLoss)
	o.LongestWork, o.TargetLoss, o.Events = time.Nanosecond, ptr(-1e6), 120
	report, err := Run(t.Context(), o)
	require.NoError(t, err)
	assert.Contains(t, report.Results[0].LeftOut, "even at the floor")
	assert.Nil(t, report.Results[0].MedianMS)
	assert.Contains(t, report.Results[1].LeftOut, "not reached")
}

// pythonWithTorch returns a Python that has PyTorch, and skips the test where there is none.
func pythonWithTorch(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import torch").Run() == nil {
			return python
		}
	}
	t.Skip("no python3 with PyTorch, which is what this compares with")
	return ""
}

// PyTorch finds the same losses, draws and densities of every model, trains for an epoch and to a loss, and tells of its
// memory.
func TestPyTorchComputesTheSame(t *testing.T) {
	works := []Work{
		CINNStep, CINNStepOneNetwork, CVAEStep, CINNStepRobust, CVAEStepRobust, DrawOneCondition, DrawManyConditions, LogDensity,
		Epoch, TimeToLoss,
	}
	o := tiny(t, works...)
	o.Pythons = []string{pythonWithTorch(t)}
	report, err := Run(t.Context(), o)
	require.NoError(t, err)
	require.Len(t, report.Results, len(o.Grid.cases(works)))
	for _, r := range report.Results {
		assert.Empty(t, r.PeerFailure, r.Case)
		require.NotNil(t, r.PeerMS, r.Case)
		assert.Positive(t, *r.PeerMS, r.Case)
		assert.NotEmpty(t, r.Peer.Torch)
		if r.Work != Epoch && r.Work != TimeToLoss {
			assert.InEpsilon(t, r.Check.Ours, r.Check.Peer, checkTolerance, r.Case)
			assert.NotZero(t, r.Check.Ours)
		}
	}
}

// Draws and densities of the robust models, which no work has, agree with PyTorch's too.
func TestPyTorchKnowsRobustModels(t *testing.T) {
	python := pythonWithTorch(t)
	b := newBench(tiny(t), Machine{})
	b.folder = t.TempDir()
	var err error
	b.script, err = writePeer(b.folder)
	require.NoError(t, err)
	c, err := startCandidate(t.Context(), b, python, threadSetting{"1 thread", 1, 1})
	require.NoError(t, err)
	defer c.close()
	for _, m := range []Model{CINNRobust, CVAERobust} {
		for _, w := range []Work{DrawOneCondition, DrawManyConditions, LogDensity} {
			k := Case{Work: w, Model: m, Width: 8, Batch: 20, Couplings: 3, Layers: 2}
			s, err := newSubject(k, b.options.Device)
			require.NoError(t, err)
			ours, err := s.value()
			require.NoError(t, err)
			p, err := s.parcel(b.folder)
			require.NoError(t, err)
			theirs, err := c.load(t.Context(), p.request, eager)
			require.NoError(t, err)
			assert.InEpsilon(t, ours, theirs, checkTolerance, k)
			require.NoError(t, s.close())
		}
	}
}
