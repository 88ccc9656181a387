package main

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// killedTraining is a training that is killed again and again, and resumed until it ends.
type killedTraining struct {
	name  string
	model string
	kills int // that must hit it while it runs
	more  []string

	data        string
	undisturbed string // directory of the run that was never killed
	takes       time.Duration
	random      *rand.Rand

	hit, early, resumed, ended int // kills, and those of them before the first checkpoint; and so on
}

// Whenever a training is killed, it is continued as if nothing had been: with the losses and the weights of one that was
// never killed, to the bit.
func TestKilledTrainingsEndAlike(t *testing.T) {
	data := simulated(t, 300)
	all := []*killedTraining{
		{name: "cinn, a checkpoint a step", model: "cinn", kills: 14, more: []string{"--epochs", "25", "--checkpoint-every", "1ns"}},
		{name: "cinn with an average", model: "cinn", kills: 12, more: []string{"--epochs", "60", "--average", "0.9", "--momentum-noise", "0.01"}},
		{name: "cvae", model: "cvae", kills: 12, more: []string{"--epochs", "60", "--kl-warmup-epochs", "5", "--checkpoint-every", "20ms"}},
		{name: "ensemble", model: "cinn", kills: 12, more: []string{"--epochs", "25", "--members", "2"}},
	}
	t.Run("all", func(t *testing.T) {
		for _, k := range all {
			t.Run(k.name, func(t *testing.T) {
				t.Parallel() // one waits for its disk while another computes
				k.data = data
				k.random = rand.New(rand.NewPCG(uint64(k.kills), uint64(len(k.name))))
				k.runUndisturbed(t)
				for k.hit < k.kills {
					k.killUntilItEnds(t)
				}
				t.Logf("%d kills (%d before the first checkpoint), %d resumes, %d trainings that ended like the undisturbed one, which takes %s",
					k.hit, k.early, k.resumed, k.ended, k.takes.Round(time.Millisecond))
			})
		}
	})
	total := killedTraining{}
	for _, k := range all {
		total.hit, total.resumed, total.ended = total.hit+k.hit, total.resumed+k.resumed, total.ended+k.ended
	}
	t.Logf("in all %d kills, %d resumes, %d trainings that ended like the undisturbed ones", total.hit, total.resumed, total.ended)
}

func (k *killedTraining) in(dir string) []string {
	return trainArgs(k.model, k.data, dir, append(slices.Clone(k.more), "--resume")...)
}

func (k *killedTraining) runUndisturbed(t *testing.T) {
	t.Helper()
	k.undisturbed = filepath.Join(t.TempDir(), "undisturbed")
	k.takes, _, _ = k.run(t, k.undisturbed, time.Hour)
}

// killUntilItEnds kills the training at a random moment, and each time that it is resumed.
func (k *killedTraining) killUntilItEnds(t *testing.T) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "killed")
	for began := false; ; began = true {
		after := time.Hour
		if k.hit < k.kills {
			after = time.Duration(k.random.Float64() * float64(k.takes))
		}
		took, killed, stderr := k.run(t, dir, after)
		if !began && !killed { // what was slow once would be killed too late from then on
			k.takes = min(k.takes, took)
		}
		assert.NotContains(t, stderr, "damaged", "what a killed program leaves is whole")
		if began {
			k.resumed++
		}
		if !killed {
			break
		}
		k.hit++
		if !exists(filepath.Join(dir, trainer.StateFile)) && !exists(filepath.Join(trainer.MemberDir(dir, 1), trainer.StateFile)) {
			k.early++
		}
	}
	k.requireSameEnd(t, dir)
	k.ended++
}

// run lets the training run for that long at most.
func (k *killedTraining) run(t *testing.T, dir string, after time.Duration) (took time.Duration, killed bool, said string) {
	t.Helper()
	c := process(t, nil, k.in(dir)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	started := time.Now()
	require.NoError(t, c.Start())
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	err := c.Wait()
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	if killed = status.Signaled() && status.Signal() == syscall.SIGKILL; !killed {
		require.NoError(t, err, stderr.String())
	}
	return time.Since(started), killed, stderr.String()
}

// requireSameEnd compares all that a run is, but for durations. What is half written does not stay.
func (k *killedTraining) requireSameEnd(t *testing.T, dir string) {
	t.Helper()
	require.Equal(t, filesIn(t, k.undisturbed), filesIn(t, dir))
	wants, err := trainer.RunDirs(k.undisturbed)
	require.NoError(t, err)
	gots, err := trainer.RunDirs(dir)
	require.NoError(t, err)
	for i, want := range wants {
		require.Equal(t, losses(t, want), losses(t, gots[i]))
		for _, name := range []string{trainer.ModelFile, trainer.ConfigFile} {
			require.Equal(t, readFile(t, want, name), readFile(t, gots[i], name), strings.TrimPrefix(want, k.undisturbed))
		}
	}
}
