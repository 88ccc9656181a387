package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/trainer"
)

// showTwo shows two members that are under way at once and keep in step.
func showTwo(s streams) {
	m := newMembersProgress(s, true)
	for member := 1; member <= 2; member++ {
		m.begin(member, "member "+strings.Repeat("I", member))
	}
	for epoch := 1; epoch <= 3; epoch++ {
		for member := 1; member <= 2; member++ {
			p := trainer.Progress{Member: member, Members: 2, Epoch: epoch, Epochs: 5, Step: 4, Steps: 4, BestEpoch: epoch}
			m.update(p)
			p.Metrics = &trainer.Metrics{Epoch: epoch, TrainLoss: float64(member)}
			m.update(p)
		}
	}
	m.end()
}

func TestBarsOfMembersAtOnce(t *testing.T) {
	var drawn bytes.Buffer
	showTwo(streams{err: &drawn, terminal: true})
	lines := strings.Split(drawn.String(), "\n")
	last := lines[len(lines)-3:]
	assert.Contains(t, last[0], "\r#1 3/5 ")
	assert.Contains(t, last[0], "train 1 val 0")
	assert.Contains(t, last[1], "\r#2 3/5 ")
	assert.Contains(t, last[1], "train 2 val 0")
	assert.Empty(t, last[2])
	assert.Contains(t, drawn.String(), "member I\n")
	assert.Contains(t, drawn.String(), "member II\n")
}

// Each member's first epoch is logged.
func TestLinesOfMembersAtOnce(t *testing.T) {
	var written bytes.Buffer
	showTwo(streams{err: &written})
	assert.Regexp(t, `(?s)^member I\nmember II\n[^\n]*member=1 epoch=1 of=5[^\n]*\n[^\n]*member=2 epoch=1 of=5[^\n]*\n$`, written.String())
}
