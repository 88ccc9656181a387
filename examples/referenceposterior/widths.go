package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/reference"
)

// choices are axis atoms of the body frame, and which components in it have errors of
// their own; none stands for those that the momentum scaler of a run keeps.
var choices = []struct {
	axis       [2]string
	components []int
}{
	{[2]string{"C", "O"}, nil},
	{[2]string{"S", "O"}, nil},
	{[2]string{"O", "C"}, nil},
	{[2]string{"S", "O"}, []int{3, 4, 6}},
	{[2]string{"S", "O"}, []int{0, 1, 3, 4, 6}},
}

// widths prints the posterior at 1.156 Å, 1.561 Å, 175° for 1 % and 5 % noise.
func widths(ctx context.Context, out io.Writer) error {
	r, err := within("C-O=0.7:2.0", "C-S=0.7:3.0", "O-C-S=160:180")
	if err != nil {
		return err
	}
	r.Events = 5000
	events, _, err := dataset.Simulate(ctx, r, 0)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "prior uniform in r_CO 0.7 to 2.0 Å, r_CS 0.7 to 3.0 Å, angle 160° to 180°; Å and degrees")
	fmt.Fprintln(out, "axis  components                  noise  Laplace sd              sd                      mean                      effective draws")
	for _, c := range choices {
		d, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody, Axis: c.axis})
		if err != nil {
			return err
		}
		for _, noise := range []float64{0.01, 0.05} {
			m := reference.MeasurementOf(d.Encoding, noise, 0)
			if c.components != nil {
				m.Components = c.components
			}
			s, err := reference.New(ctx, r, m, reference.Options{})
			if err != nil {
				return err
			}
			var names []string
			for _, i := range m.Components {
				names = append(names, d.Encoding.MomentumColumns[i])
			}
			fmt.Fprintf(out, "%s,%s   %-27s %3.0f %%  ", c.axis[0], c.axis[1], strings.Join(names, " "), 100*noise)
			if err := printWidths(s, out); err != nil {
				return err
			}
		}
	}
	return nil
}

func printWidths(s *reference.Sampler, out io.Writer) error {
	truth := []float64{1.156 * angstrom, 1.561 * angstrom, 175 * degree}
	measured, err := s.Measure(truth)
	if err != nil {
		return err
	}
	local, err := s.Laplace(truth)
	if err != nil {
		return err
	}
	p, err := s.Sample(measured)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%.4f  %.4f  %.4f  %.0f\n", inUnits(local), inUnits(p.Deviations()), inUnits(p.Mean()), p.EffectiveSize)
	return nil
}
