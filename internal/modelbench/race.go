package modelbench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// roundTime is how long either side is measured in a round, unless one sample takes longer.
const roundTime = 2 * time.Second

// heat is what the rounds of a case found.
type heat struct {
	ours, peer [][]float64 // milliseconds of each sample, round by round
	gflops     []float64   // of the floor, round by round
}

// race measures ours, the peer and the floor in turn.
func (b *bench) race(ctx context.Context, c Case) (r Result, err error) {
	r = b.result(c)
	s, err := newSubject(c, b.options.Device)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	r.Parameters, r.Operations = s.model.Params().Count(), c.operations(s.model.Params())
	if r.LeftOut = b.tooLarge(c, r.Operations); r.LeftOut != "" {
		return r, nil
	}
	peer, err := b.rival(ctx, s)
	var refused refusal
	if errors.As(err, &refused) {
		r.PeerFailure, err = err.Error(), nil
	}
	if err != nil {
		return r, err
	}
	h, err := b.rounds(ctx, s, peer)
	if err != nil {
		return r, err
	}
	r.heat(h)
	if peer != nil {
		r.describePeer(h.ours, h.peer)
		r.Peer, r.Check = peer.described(), &peer.check
	}
	return r, nil
}

// rival returns the peer for a subject, after both have found the same; nil where there is none. A refusal is the error of
// one that fails at the case in every way.
func (b *bench) rival(ctx context.Context, s *subject) (*entrant, error) {
	if len(b.candidates) == 0 {
		return nil, nil
	}
	value, err := s.value()
	if err != nil {
		return nil, fmt.Errorf("modelbench: %s: %w", s.Case, err)
	}
	p, err := s.parcel(b.folder)
	if err != nil {
		return nil, err
	}
	return b.choose(ctx, s.Case, p, value)
}

func (b *bench) rounds(ctx context.Context, s *subject, peer *entrant) (h heat, err error) {
	first, err := s.measure(ctx, 1, b.burst())
	if err != nil {
		return h, err
	}
	effort := b.options.effort(s.Case)
	samples := max(1, min(effort.steps, int(roundTime.Seconds()*1e3/first[0])))
	begin := time.Now()
	for round := 0; !effort.enough(round, round*samples, time.Since(begin)); round++ {
		// Who is first changes, so that what a round does to the next turn meets both alike.
		for turn := range 2 {
			if (round+turn)%2 == 0 {
				err = b.turn(ctx, nil, func() error { return h.add(&h.ours)(s.measure(ctx, samples, b.burst())) })
			} else if peer != nil {
				err = b.turn(ctx, peer.candidate, func() error { return h.add(&h.peer)(peer.measure(ctx, samples, b.burst())) })
			}
			if err != nil {
				return h, err
			}
		}
		rate, err := b.floorRate(ctx)
		if err != nil {
			return h, err
		}
		h.gflops = append(h.gflops, rate)
	}
	return h, nil
}

// add returns what keeps a round's samples.
func (h *heat) add(to *[][]float64) func([]float64, error) error {
	return func(samples []float64, err error) error {
		*to = append(*to, samples)
		return err
	}
}

// tooLarge says why a case is left out, and nothing where it is not: it would take too long, or more memory than there is.
func (b *bench) tooLarge(c Case, operations float64) string {
	seconds := operations / b.report.Floor.GFLOPS / 1e9
	if limit := b.options.LongestWork; limit > 0 && seconds > limit.Seconds() {
		return fmt.Sprintf("it takes %.0f s even at the floor", seconds)
	}
	if free := availableMiB("MemAvailable:"); free > 0 && !b.options.Device.IsCUDA() && c.memoryMiB() > float64(free)/2 {
		return fmt.Sprintf("it takes about %.0f MiB, and %d MiB are free", c.memoryMiB(), free)
	}
	return ""
}

// memoryMiB estimates what a case needs: the inputs of all layers of a step are kept for its backward pass, twice over with
// what autograd and the allocator add.
func (c Case) memoryMiB() float64 {
	networks := 2.0 // encoder and decoder
	switch {
	case c.Work == LogDensity && c.isCVAE():
		networks *= latentDraws
	case !c.Work.isStep():
	case c.Couplings > 0:
		networks = 2 * float64(c.Couplings)
	}
	layers := defaultLayers
	if c.Layers > 0 {
		layers = c.Layers
	}
	return 2 * networks * float64(c.Batch) * float64(layers*c.Width+dim+conditions) * 4 / (1 << 20)
}
