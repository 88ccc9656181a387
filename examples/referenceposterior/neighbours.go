package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/reference"
	"github.com/gocei/gocei/posterior/retrieval"
)

// neighbours holds the exact posterior to one that knows of nothing but simulated
// events: those whose momenta are nearest to an event's are draws of its posterior, the
// better the fewer of them are looked at. Both say how often a geometry is farther than
// 0.1 Bohr per atom from the truth.
func neighbours(ctx context.Context, displacement float64, events, rows int, out io.Writer) error {
	r, err := displaced(displacement)
	if err != nil {
		return err
	}
	v, err := retrieval.New(ctx, r, exactly)
	if err != nil {
		return err
	}
	table, err := inBody(ctx, r, rows, 99)
	if err != nil {
		return err
	}
	asked, err := inBody(ctx, r, events, 2)
	if err != nil {
		return err
	}
	counts := []int{1, 3, 10, 30}
	shares, exact := make([]float64, len(counts)), 0.0
	for i, e := range asked {
		for k, n := range counts {
			for _, other := range nearest(table, e, n) {
				shares[k] += far(other.positions, e.positions) / float64(n*len(asked))
			}
		}
		points, err := reference.Exact(v, e.momenta, uint64(i))
		if err != nil {
			return err
		}
		for _, p := range points {
			exact += p.Weight * far(p.Positions, e.positions) / float64(len(asked))
		}
	}
	fmt.Fprintf(out, "share of the posterior farther than 0.1 Bohr per atom from the truth, over %d events: %.4f ± %.4f\n", events, exact, math.Sqrt(exact/float64(events)))
	for k, n := range counts {
		fmt.Fprintf(out, "of the %2d nearest of %d simulated events: %.4f ± %.4f\n", n, rows, shares[k], math.Sqrt(shares[k]/float64(events)))
	}
	return nil
}

// event is in the body frame.
type event struct {
	positions, momenta []float64
}

func inBody(ctx context.Context, r explosion.Recipe, rows int, seed uint64) (all []event, err error) {
	frame, err := explosion.NewFrame(explosion.FrameBody, r.Molecule.Symbols())
	if err != nil {
		return nil, err
	}
	r.Events, r.Seed = rows, seed
	_, err = explosion.Simulate(ctx, r, 0, func(e explosion.Event) error {
		positions, _, err := frame.Positions(nil, e.Positions, nil)
		if err != nil {
			return err
		}
		momenta, _, err := frame.Momenta(nil, e.Momenta)
		all = append(all, event{positions, momenta})
		return err
	})
	return all, err
}

// nearest returns the n events of a table whose momenta are nearest, the nearest first.
func nearest(table []event, to event, n int) []event {
	type near struct {
		square float64
		index  int
	}
	best := make([]near, 0, n+1)
	for i, e := range table {
		square := 0.0
		for k, p := range e.momenta {
			square += (p - to.momenta[k]) * (p - to.momenta[k])
		}
		if len(best) == n && square >= best[n-1].square {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, square, func(b near, s float64) int {
			if b.square < s {
				return -1
			}
			return 1
		})
		best = slices.Insert(best, at, near{square, i})
		best = best[:min(len(best), n)]
	}
	found := make([]event, len(best))
	for k, b := range best {
		found[k] = table[b.index]
	}
	return found
}

// far is 1 for geometries that are not the same.
func far(a, b []float64) float64 {
	if perAtom(a, b) > 0.1 {
		return 1
	}
	return 0
}
