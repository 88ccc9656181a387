package modelbench

import "time"

// effort is how thoroughly a case is measured.
type effort struct {
	rounds  int
	steps   int           // samples of either side in a round
	samples int           // that the case should have before its time is up
	time    time.Duration // after which there are no more rounds
}

const (
	leastRounds   = 3  // are done however long they take
	targetSamples = 50 // that a median is to be taken of, unless they take several times as long as a case should
	patience      = 3  // is how many times

	briefRounds  = 4
	briefSeconds = 6
)

// effort returns how thoroughly a case is to be measured.
func (o Options) effort(c Case) effort {
	if c.Brief {
		return effort{rounds: min(o.Rounds, briefRounds), steps: o.Steps, time: min(o.CaseTime, briefSeconds*time.Second)}
	}
	e := effort{rounds: o.Rounds, steps: o.Steps, time: o.CaseTime}
	if !c.Work.isProgram() {
		e.samples = targetSamples
	}
	return e
}

// enough reports whether a case that has that many rounds and samples after some time gets no more.
func (e effort) enough(rounds, samples int, took time.Duration) bool {
	switch {
	case rounds >= e.rounds:
		return true
	case rounds < leastRounds || took <= e.time:
		return false
	}
	return samples >= e.samples || took > patience*e.time
}
