package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding/bindingtest"
)

// The first epoch of an online training is that of one offline, where neither adds noise; each later one has events of
// its own.
func TestOnlineSeesFreshEvents(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, model := range []string{"cvae", "cinn"} {
		offline, online := filepath.Join(t.TempDir(), "offline"), filepath.Join(t.TempDir(), "online")
		flags := []string{"--model", model, "--events", "200", "--noise", "0", "--min-ker", "100", "--internal", "C-O=1:1.4,C-S=1.3:1.8,O-C-S=150:180"}
		succeed(t, simulationArgs(offline, flags...)...)
		a := succeed(t, simulationArgs(online, append(flags, "--online")...)...)
		assert.Regexp(t, `(?m)^every epoch trains on \d+ fresh events$`, a.err)
		want, got := losses(t, offline), losses(t, online)
		assert.Equal(t, want[0], got[0])
		for i := 1; i < 3; i++ {
			assert.NotEqual(t, want[i].TrainLoss, got[i].TrainLoss)
			assert.NotEqual(t, want[i].ValidationLoss, got[i].ValidationLoss)
		}
		evaluate := func(dir string) any {
			return decoded(t, succeed(t, "evaluate", dir, "--samples", "2", "--json").out)["constant_mean"]
		}
		assert.Equal(t, evaluate(offline), evaluate(online), "the test part is the same")
	}
}

// Fresh events come without noise unless it is asked for, since no event is seen twice.
func TestOnlineNoise(t *testing.T) {
	first := func(flags ...string) float64 {
		dir := filepath.Join(t.TempDir(), "run")
		succeed(t, simulationArgs(dir, append(flags, "--events", "200")...)...)
		return losses(t, dir)[0].TrainLoss
	}
	assert.Equal(t, first("--noise", "0"), first("--online"))
	assert.Equal(t, first("--noise", "0.5"), first("--online", "--noise", "0.5"))
	assert.NotEqual(t, first("--online"), first("--online", "--noise", "0.5"))
}

// A training on a simulation, online or not, that was interrupted and resumed ends as one that was not: epochs have the
// same events.
func TestSimulationInterruptAndResume(t *testing.T) {
	for _, c := range []struct{ when, online string }{
		{"training the ", "--online"}, {"msg=epoch epoch=1 ", "--online"}, {"msg=epoch epoch=1 ", "--online=false"},
	} {
		undisturbed, dir := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
		flags := []string{c.online, "--events", "200", "--epochs", "4", "--max-ker", "120"}
		succeed(t, simulationArgs(undisturbed, flags...)...)
		a := interrupted(t, c.when, simulationArgs(dir, flags...)...)
		assert.Equal(t, exitInterrupted, a.code, a.err)
		assert.Less(t, len(losses(t, dir)), 4)
		succeed(t, simulationArgs(dir, append(flags, "--resume")...)...)
		assert.Equal(t, losses(t, undisturbed), losses(t, dir), c)
		assert.Equal(t, readFile(t, undisturbed, "model.safetensors"), readFile(t, dir, "model.safetensors"))
	}
}

// What an online training does not continue is one of another simulation, or one offline.
func TestOnlineResumeRefusesAnother(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	succeed(t, simulationArgs(dir, "--online", "--events", "200")...)
	for _, flags := range [][]string{{"--events", "200"}, {"--online", "--events", "210"}, {"--online", "--events", "200", "--charges", "1,1,1"}, {"--online", "--events", "200", "--min-ker", "100"}} {
		a := cei(t, simulationArgs(dir, append(flags, "--resume")...)...)
		assert.Equal(t, exitFailed, a.code, flags)
		assert.Contains(t, a.err, dir)
	}
}
