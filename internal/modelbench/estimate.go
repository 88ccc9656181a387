package modelbench

import (
	"time"

	"github.com/gocei/gocei/binding"
)

// What the estimate of a run supposes, in seconds where it says no more. It was seen on two cores.
const (
	oursOverFloor  = 1.5
	peerOverFloor  = 4
	oursOverhead   = 0.0003 // of a work
	peerOverhead   = 0.002
	floorSeconds   = 0.5 // of a round's matrix products, and until all threads sleep
	loadSeconds    = 0.5 // until a way of running the peer is ready
	compileSeconds = 12  // the same of one that is compiled

	epochSeconds      = 35
	trainingSeconds   = 60 // of the time to a loss
	evaluationSeconds = 10
	startSeconds      = 4
	memorySeconds     = 15
)

// estimateAll returns for each case how long it and those after it take, about.
func (b *bench) estimateAll(cases []Case) ([]time.Duration, error) {
	left := make([]time.Duration, len(cases)+1)
	for i := len(cases) - 1; i >= 0; i-- {
		seconds, err := b.estimate(cases[i])
		if err != nil {
			return nil, err
		}
		left[i] = left[i+1] + time.Duration(seconds*float64(time.Second))
	}
	return left, nil
}

// estimate returns the seconds that a case takes.
func (b *bench) estimate(c Case) (float64, error) {
	compiling := b.compiling(c)
	switch c.Work {
	case Epoch:
		return epochSeconds + 2*compiling, nil // training and validation
	case TimeToLoss:
		return trainingSeconds + compiling, nil
	case Evaluation:
		return evaluationSeconds, nil
	case StartUp:
		return startSeconds, nil
	case PeakMemory:
		return memorySeconds, nil
	}
	operations, err := c.countOperations()
	if err != nil {
		return 0, err
	}
	atFloor := operations / b.report.Floor.GFLOPS / 1e9
	ours, peer := oursOverFloor*atFloor+oursOverhead, 0.0
	if len(b.candidates) > 0 {
		peer = peerOverFloor*atFloor + peerOverhead
	}
	return b.trialSeconds(c, peer) + compiling + b.roundsSeconds(c, ours, peer), nil
}

// compiling returns how long it takes to compile a case's work in all ways.
func (b *bench) compiling(c Case) (seconds float64) {
	if c.Brief && c.Work != TimeToLoss {
		return 0
	}
	for _, one := range b.candidates {
		for _, mode := range one.modes {
			if isCompiled(mode) {
				seconds += compileSeconds
			}
		}
	}
	return seconds
}

// trialSeconds returns how long it takes to find the fastest way of running the peer, whose work takes so long.
func (b *bench) trialSeconds(c Case, work float64) (seconds float64) {
	for range b.candidates {
		seconds += loadSeconds + 2*work + min(trialSamples*work, trialMS/1e3)
		if c.Brief && work > slowMS/1e3 {
			break
		}
	}
	return seconds
}

// roundsSeconds returns how long the rounds of a race take.
func (b *bench) roundsSeconds(c Case, ours, peer float64) (seconds float64) {
	e := b.options.effort(c)
	samples := max(1, min(e.steps, int(roundTime.Seconds()/ours)))
	round := float64(samples+1)*(ours+peer) + floorSeconds
	for rounds := 0; !e.enough(rounds, rounds*samples, time.Duration(seconds*float64(time.Second))); rounds++ {
		seconds += round
	}
	return seconds
}

// countOperations returns the operations of the case's work, which follow from a model's parameters.
func (c Case) countOperations() (float64, error) {
	m, err := newModel(c, dim, conditions, binding.CPU)
	if err != nil {
		return 0, err
	}
	operations := c.operations(m.Params())
	return operations, m.Close()
}
