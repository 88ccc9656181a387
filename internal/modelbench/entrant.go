package modelbench

import (
	"context"
	"fmt"
)

// entrant is one way of running the peer: a Python, a setting of threads and a mode.
type entrant struct {
	*candidate
	mode  string
	check Check
}

func (e *entrant) described() *Contestant { return e.contestant(e.mode) }

// How the ways of running the peer are compared.
const (
	trialSamples = 7
	trialMS      = 2000 // that a trial may take, but for its first sample
	hopeless     = 3    // times the best so far, from which on one sample is enough
)

// try returns the milliseconds that the case takes an entrant, which must find the value that ours did.
func (b *bench) try(ctx context.Context, c Case, e *entrant, p *parcel, best float64) (ms float64, err error) {
	if e.check.Peer, err = e.load(ctx, p.request, e.mode); err != nil {
		return 0, err
	}
	if err := e.check.agree(c, fmt.Sprintf("%s (torch %s)", e.python, e.torch)); err != nil {
		return 0, err
	}
	samples, err := e.measure(ctx, 1, b.burst())
	if err != nil {
		return 0, err
	}
	if more := min(trialSamples, int(trialMS/samples[0])); more > 1 && (best == 0 || samples[0] < hopeless*best) {
		samples, err = e.measure(ctx, more, b.burst())
	}
	return median(samples), err
}

// burst is how many works a sample is the mean of. A device works while the next ones are asked for, and is waited for only
// after several, as in a training.
func (b *bench) burst() int {
	if b.options.Device.IsCUDA() {
		return 10
	}
	return 1
}
