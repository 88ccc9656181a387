package main

import (
	"context"
	"fmt"
	"io"

	"github.com/gocei/gocei/posterior/reference"
	"github.com/gocei/gocei/posterior/retrieval"
)

// pair prints the posterior masses of two geometries whose momenta are the same to 3e-5,
// for exact momenta of either and for noisy ones.
func pair(ctx context.Context, out io.Writer) error {
	r, err := within("C-O=1:3", "C-S=0.9:2", "O-C-S=150:175")
	if err != nil {
		return err
	}
	v, err := retrieval.New(ctx, r, retrieval.Options{})
	if err != nil {
		return err
	}
	by, err := v.Explosions()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "prior uniform in r_CO 1 to 3 Å, r_CS 0.9 to 2 Å, angle 150° to 175°; Å and degrees")
	truths := [][]float64{{1.8949 * angstrom, 1.2990 * angstrom, 160.601 * degree}, {2.486 * angstrom, 1.0755 * angstrom, 164.568 * degree}}
	for _, truth := range truths {
		momenta, err := by.Momenta(nil, truth)
		if err != nil {
			return err
		}
		points, err := reference.Exact(v, momenta, 0)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "exact momenta of %.4f:\n", inUnits(truth))
		for _, p := range points {
			fmt.Fprintf(out, "  mass %.3f at %.4f\n", p.Weight, inUnits(p.Internal))
		}
	}
	for _, noise := range []float64{1e-4, 1e-3, 0.01, 0.05} {
		s, err := reference.New(ctx, r, reference.Measurement{Relative: noise, Components: []int{0, 1, 3}}, reference.Options{})
		if err != nil {
			return err
		}
		for _, truth := range truths {
			measured, err := s.Measure(truth)
			if err != nil {
				return err
			}
			p, err := s.Sample(measured)
			if err != nil {
				return err
			}
			near := p.Share(func(x []float64) bool { return x[0] < 2.19*angstrom })
			fmt.Fprintf(out, "%g %% noise on px_C, py_C, px_O of %.4f: mass %.3f with r_CO below 2.19 Å, %.3f above; sd %.4f; %.0f effective draws\n",
				100*noise, inUnits(truth), near, 1-near, inUnits(p.Deviations()), p.EffectiveSize)
		}
	}
	return nil
}
