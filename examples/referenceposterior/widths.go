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

// cases are noise levels, with priors that are broad against the posteriors.
var cases = []struct {
	noise float64
	prior []string
}{
	{0.01, []string{"C-O=1.05:1.27", "C-S=1.3:1.83", "O-C-S=172:178"}},
	{0.05, []string{"C-O=0.7:2.0", "C-S=0.7:3.0", "O-C-S=170:180"}},
}

// widths prints the posterior at 1.156 Å, 1.561 Å, 175° for 1 % and 5 % noise.
func widths(ctx context.Context, out io.Writer) error {
	for _, each := range cases {
		fmt.Fprintf(out, "noise %g %%, prior uniform in %s\n", 100*each.noise, strings.Join(each.prior, ", "))
		fmt.Fprintln(out, "axis  components                  Laplace sd              sd                      mean                      effective draws")
		r, err := within(each.prior...)
		if err != nil {
			return err
		}
		for _, c := range choices {
			if err := chosenWidths(ctx, r, c.axis, c.components, each.noise, out); err != nil {
				return err
			}
		}
	}
	return nil
}

func chosenWidths(ctx context.Context, r explosion.Recipe, axis [2]string, components []int, noise float64, out io.Writer) error {
	r.Events = 5000
	events, _, err := dataset.Simulate(ctx, r, 0)
	if err != nil {
		return err
	}
	d, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody, Axis: axis})
	if err != nil {
		return err
	}
	m := reference.MeasurementOf(d.Encoding, noise, 0)
	if components != nil {
		m.Components = components
	}
	s, err := reference.New(ctx, r, m, reference.Options{})
	if err != nil {
		return err
	}
	var names []string
	for _, i := range m.Components {
		names = append(names, d.Encoding.MomentumColumns[i])
	}
	fmt.Fprintf(out, "%s,%s   %-27s ", axis[0], axis[1], strings.Join(names, " "))
	return printWidths(s, out)
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
