package modelbench

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// trials look for the fastest way of running the peer for a case.
type trials struct {
	*bench
	Case
	parcel   *parcel
	value    float64  // that ours found
	tried    []*trial // those that ran, from the fastest on
	failures error    // of those that refused
}

// trial is a way of running the peer with the milliseconds that it took.
type trial struct {
	*entrant
	ms float64
}

// family is cases that differ in their sizes alone.
type family struct {
	work  Work
	model Model
}

func (c Case) family() family { return family{c.Work, c.Model} }

// slowMS is a work for which the way that was the fastest of its family is taken without a look at others.
const slowMS = 1000

// choose returns the fastest way of running the peer for a case, ready to run, and nil without a peer. All of them must find
// the value that ours did.
func (b *bench) choose(ctx context.Context, c Case, p *parcel, value float64) (*entrant, error) {
	t := &trials{bench: b, Case: c, parcel: p, value: value}
	if err := t.tryAll(ctx); err != nil {
		return nil, err
	}
	if len(t.tried) == 0 {
		return nil, t.failures
	}
	best := t.tried[0].entrant
	b.chosen[c] = best
	if best.loaded == best.mode {
		return best, nil // compiling it again would take its time
	}
	_, err := best.load(ctx, p.request, best.mode)
	return best, err
}

// tryAll tries the ways that may be the fastest. What is not compiled comes first, since whoever is hopeless then needs no
// compiling, and is not asked again for other sizes.
func (t *trials) tryAll(ctx context.Context) error {
	known := t.quickest[t.family()]
	ways := known
	if !t.Brief || ways == nil {
		known, ways = nil, t.uncompiled()
	}
	for _, e := range ways {
		if err := t.add(ctx, *e); err != nil {
			return err
		}
		if known != nil && len(t.tried) > 0 && t.tried[0].ms > slowMS {
			break
		}
	}
	if known == nil {
		t.quickest[t.family()] = t.hopeful()
	}
	if t.Brief {
		return nil
	}
	for _, e := range t.compiled() {
		if err := t.add(ctx, *e); err != nil {
			return err
		}
	}
	return nil
}

// uncompiled returns all ways of running the peer that need no compiler.
func (t *trials) uncompiled() (ways []*entrant) {
	for _, c := range t.candidates {
		for _, mode := range c.modes {
			if !isCompiled(mode) {
				ways = append(ways, &entrant{candidate: c, mode: mode})
			}
		}
	}
	return ways
}

// hopeful returns the ways that came near the fastest, from it on.
func (t *trials) hopeful() (ways []*entrant) {
	for _, one := range t.tried {
		if one.ms < hopeless*t.tried[0].ms {
			ways = append(ways, one.entrant)
		}
	}
	return ways
}

// compiled returns the compiled ways of those Pythons with those settings of threads that are hopeful.
func (t *trials) compiled() (ways []*entrant) {
	var seen []*candidate
	for _, e := range t.hopeful() {
		if slices.Contains(seen, e.candidate) {
			continue
		}
		seen = append(seen, e.candidate)
		for _, mode := range e.modes {
			if isCompiled(mode) {
				ways = append(ways, &entrant{candidate: e.candidate, mode: mode})
			}
		}
	}
	return ways
}

// add tries a way. One that refuses is told of, and left out.
func (t *trials) add(ctx context.Context, e entrant) error {
	best := 0.0
	if len(t.tried) > 0 {
		best = t.tried[0].ms
	}
	e.check = Check{Ours: t.value}
	ms, err := t.try(ctx, t.Case, &e, t.parcel, best)
	var refused refusal
	if errors.As(err, &refused) {
		t.failures = errors.Join(t.failures, err)
		t.options.Progress("%s cannot run %s (%s): %v", e.python, t.Case, e.mode, err)
		return nil
	}
	if err != nil {
		return err
	}
	t.tried = append(t.tried, &trial{&e, ms})
	slices.SortStableFunc(t.tried, func(a, b *trial) int { return cmp.Compare(a.ms, b.ms) })
	return nil
}
