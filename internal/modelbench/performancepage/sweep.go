package main

import (
	"cmp"
	"slices"

	"github.com/gocei/gocei/internal/modelbench"
)

// sweep is the steps of a model over one size, the others being the reference's.
type sweep struct {
	title  string
	along  axis
	points []point
}

// point is what a step of one size takes in milliseconds; nil is what was not measured.
type point struct {
	size              int
	ours, peer, floor *float64
}

// axis is a size that sweeps go along.
type axis struct {
	name string
	of   func(*modelbench.Case) *int
}

var (
	widths    = axis{"width of a hidden layer", func(c *modelbench.Case) *int { return &c.Width }}
	batches   = axis{"rows of a batch", func(c *modelbench.Case) *int { return &c.Batch }}
	couplings = axis{"couplings", func(c *modelbench.Case) *int { return &c.Couplings }}
	layers    = axis{"hidden layers of each network", func(c *modelbench.Case) *int { return &c.Layers }}
)

// sweepOf returns the steps of a work along an axis, from the smallest on. All of them are brief, so that they compare.
func sweepOf(results []modelbench.Result, w modelbench.Work, title string, along axis) sweep {
	s := sweep{title: title, along: along}
	for _, r := range results {
		if r.Work != w || !r.Brief || r.MedianMS == nil || !onAxis(r.Case, along) {
			continue
		}
		s.points = append(s.points, point{*along.of(&r.Case), r.MedianMS, r.PeerMS, r.FloorMS})
	}
	slices.SortFunc(s.points, func(a, b point) int { return cmp.Compare(a.size, b.size) })
	return s
}

// onAxis reports whether all sizes but the axis's own are the reference's.
func onAxis(c modelbench.Case, along axis) bool {
	g := modelbench.DefaultGrid()
	reference := modelbench.Case{Width: g.Widths[0], Batch: g.Batches[0], Couplings: g.Couplings[0], Layers: g.Layers[0]}
	*along.of(&c) = *along.of(&reference)
	return atReference(c)
}

// few reports whether there is too little for a curve.
func (s sweep) few() bool { return len(s.points) < 2 }
