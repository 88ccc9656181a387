package modelbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// startPeers starts every Python that was asked for, with each setting of threads.
func (b *bench) startPeers(ctx context.Context) (err error) {
	if len(b.options.Pythons) == 0 {
		return nil
	}
	if b.script, err = writePeer(b.folder); err != nil {
		return err
	}
	for _, python := range b.options.Pythons {
		peer, err := b.startPython(ctx, python)
		if err != nil {
			return err
		}
		b.report.Peers = append(b.report.Peers, peer)
	}
	return nil
}

func (b *bench) startPython(ctx context.Context, python string) (Peer, error) {
	peer := Peer{Python: python}
	b.options.Progress("starting %s", python)
	for _, setting := range threadSettings(b.report.Machine.Threads, b.options.Device) {
		c, err := startCandidate(ctx, b, python, setting)
		if errors.Is(err, errNoPeer) {
			peer.Missing = err.Error()
			b.options.Progress("%s is left out: %v", python, err)
			return peer, nil
		}
		if err != nil {
			return peer, err
		}
		if len(c.modes) == 0 {
			c.close()
			continue
		}
		b.candidates = append(b.candidates, c)
		peer.Torch, peer.Threads = c.torch, append(peer.Threads, setting.name)
		for _, mode := range c.modes {
			if !slices.Contains(peer.Modes, mode) {
				peer.Modes = append(peer.Modes, mode)
			}
		}
	}
	return peer, nil
}

func (b *bench) closePeers() {
	for _, c := range b.candidates {
		c.close()
	}
}

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

// choose returns the fastest way of running the peer for a case, ready to run, and nil without a peer. All of them must find
// the value that ours did.
func (b *bench) choose(ctx context.Context, c Case, p *parcel, value float64) (*entrant, error) {
	var best *entrant
	var bestMS float64
	var failures error
	for _, candidate := range b.candidates {
		for _, mode := range candidate.modes {
			e := &entrant{candidate: candidate, mode: mode, check: Check{Ours: value}}
			ms, err := b.try(ctx, c, e, p, bestMS)
			var refused refusal
			if errors.As(err, &refused) {
				failures = errors.Join(failures, err)
				b.options.Progress("%s cannot run %s (%s): %v", candidate.python, c, mode, err)
				continue
			}
			if err != nil {
				return nil, err
			}
			if best == nil || ms < bestMS {
				best, bestMS = e, ms
			}
		}
	}
	if best == nil {
		return nil, failures
	}
	b.chosen[c] = best
	if best.loaded == best.mode {
		return best, nil // compiling it again would take its time
	}
	_, err := best.load(ctx, p.request, best.mode)
	return best, err
}

// try returns the milliseconds that the case takes an entrant.
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
