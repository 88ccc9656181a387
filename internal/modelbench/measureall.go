package modelbench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gocei/gocei/binding"
)

// planned returns all cases that were asked for.
func (b *bench) planned() []Case {
	cases := b.options.Grid.cases(b.options.Works)
	if b.options.Full {
		cases = full(cases)
	}
	return cases
}

// measureAll measures one case after the other, and keeps what it has after each.
func (b *bench) measureAll(ctx context.Context, cases []Case) error {
	left, err := b.estimateAll(cases)
	if err != nil {
		return err
	}
	b.report.Cases = len(cases)
	b.options.Progress("%d cases, which take about %s on an idle machine", len(cases), minutes(left[0]))
	for i, c := range cases {
		b.options.Progress("%d of %d, about %s left: %s", i+1, len(cases), minutes(left[i]), c)
		r, err := b.measureOne(ctx, c)
		if err != nil {
			return err
		}
		b.report.Results = append(b.report.Results, r)
		if b.options.Keep == nil {
			continue
		}
		if err := b.options.Keep(b.report); err != nil {
			return err
		}
	}
	return nil
}

// measureOne measures a case; without the peer where that ends on the way, as for want of memory.
func (b *bench) measureOne(ctx context.Context, c Case) (Result, error) {
	r, err := b.measure(ctx, c)
	if errors.Is(err, errEnded) && ctx.Err() == nil {
		r, err = b.withoutPeer(ctx, c, err)
	}
	if errors.Is(err, binding.ErrOutOfMemory) {
		r, err = b.result(c), nil
		r.LeftOut = "it does not fit into the device's memory"
	}
	return r, err
}

// withoutPeer measures a case at which a peer has ended, which is started anew for the next.
func (b *bench) withoutPeer(ctx context.Context, c Case, reason error) (Result, error) {
	b.options.Progress("%s is measured without the peer: %v", c, reason)
	if err := b.revive(ctx); err != nil {
		return Result{}, errors.Join(reason, err)
	}
	peers := b.candidates
	b.candidates = nil
	defer func() { b.candidates = peers }()
	r, err := b.measure(ctx, c)
	r.PeerFailure = reason.Error()
	return r, err
}

// minutes writes a time for people.
func minutes(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f min", d.Minutes())
}
