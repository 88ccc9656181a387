package main

import (
	"fmt"

	"github.com/vbauerster/mpb/v8"

	"github.com/gocei/gocei/trainer"
)

// membersProgress shows how the members of an ensemble go.
type membersProgress interface {
	begin(member int, about string) // says what is about to be trained
	update(trainer.Progress)
	end()
}

func newMembersProgress(s streams, atOnce bool) membersProgress {
	switch {
	case !atOnce:
		return &inTurnProgress{s: s, shown: newProgress(s)}
	case s.terminal:
		return &atOnceBars{container: newBars(s.messages().to), bars: map[int]*progressBar{}}
	}
	return &atOnceLines{s: s, lines: map[int]progress{}}
}

// inTurnProgress shows one member after the other.
type inTurnProgress struct {
	s     streams
	shown progress // of the member under way
}

func (m *inTurnProgress) begin(_ int, about string) {
	m.shown.end()
	m.s.note("%s", about)
	m.shown = newProgress(m.s)
}

func (m *inTurnProgress) update(p trainer.Progress) { m.shown.update(p) }

func (m *inTurnProgress) end() { m.shown.end() }

// atOnceBars draws a bar for each member, those that have ended too.
type atOnceBars struct {
	container *mpb.Progress
	bars      map[int]*progressBar
}

func (m *atOnceBars) begin(member int, about string) {
	fmt.Fprintln(m.container, about)
	m.bars[member] = newBarOf(m.container, fmt.Sprintf("#%d ", member))
}

func (m *atOnceBars) update(p trainer.Progress) { m.bars[p.Member].update(p) }

func (m *atOnceBars) end() {
	for _, bar := range m.bars {
		bar.stop()
	}
	m.container.Wait()
}

// atOnceLines logs each member as often as if it were trained alone.
type atOnceLines struct {
	s     streams
	lines map[int]progress
}

func (m *atOnceLines) begin(member int, about string) {
	m.s.note("%s", about)
	m.lines[member] = newProgress(m.s)
}

func (m *atOnceLines) update(p trainer.Progress) { m.lines[p.Member].update(p) }

func (m *atOnceLines) end() {}
