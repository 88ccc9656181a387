package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/posterior"
)

type sampleOptions struct {
	tableOptions
	computeOptions
	Data    string
	Samples *int
	Seed    *uint64
	Out     string
	Force   bool
}

func sampleSettings(o *sampleOptions) []setting {
	all := []setting{
		text(&o.Data, "data", "`FILE` with momenta; positions in it are not looked at", ""),
		integer(&o.Samples, "samples", "`N` draws per event", "100"),
		seed(&o.Seed, "`SEED` of the draws"),
		text(&o.Out, "out", "`FILE` to write, ending in .csv", "standard output"),
		yes(&o.Force, "force", "replace FILE if it is there"),
	}
	return append(append(all, tableSettings(&o.tableOptions)...), computeSettings(&o.computeOptions)...)
}

func (o sampleOptions) check() error {
	return cmp.Or(
		needed("data", o.Data, "the table of momenta"),
		atLeast("samples", o.Samples, 1),
		o.computeOptions.check(),
	)
}

func sampleCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "sample",
		Usage:     "draw geometries for measured momenta",
		ArgsUsage: "DIR",
		Description: "Writes one line per draw: event and draw, counted from 0, and the positions in the run's frame and unit.\n" +
			"Example: cei sample run/cinn --data measured.csv --samples 1000 --out draws.csv",
		Flags: flagsOf(sampleSettings(&sampleOptions{})),
		Action: func(c *cli.Context) error {
			dir, err := oneArgument(c, "run directory")
			if err != nil {
				return err
			}
			var o sampleOptions
			apply(c, sampleSettings(&o))
			return runSample(c.Context, dir, o, s)
		},
	}
}

func runSample(ctx context.Context, dir string, o sampleOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
	}
	device, err := o.start()
	if err != nil {
		return err
	}
	if o.Out != "" {
		if err := mayWriteTable(o.Out, o.Force); err != nil {
			return err
		}
	}
	inverse, err := posterior.Open(ctx, dir, posterior.OnDevice(device), posterior.WithSeed(given(o.Seed, defaultSeed)))
	if err != nil {
		return err
	}
	defer inverse.Close()
	events, err := o.read(o.Data, false)
	if err != nil {
		return err
	}
	outside, err := inverse.OutsideDomain(events)
	if err != nil {
		return err
	}
	warnOutside(s, count(outside), events.Len())
	write := func(w io.Writer) error {
		err := writeDraws(ctx, w, inverse, events, given(o.Samples, 100))
		warnRedrawn(s, inverse.Redrawn())
		return err
	}
	if o.Out == "" {
		return write(s.out)
	}
	if err := atomicfile.WriteWith(o.Out, write); err != nil {
		return err
	}
	c := inverse.Encoding()
	s.note("%s: %d draws for each of %d events, frame %s, lengths in %s", o.Out, given(o.Samples, 100), events.Len(), c.Frame.Kind, c.PositionUnit.Name)
	return nil
}

// writeDraws writes the draws as CSV while they are made.
func writeDraws(ctx context.Context, w io.Writer, v *posterior.Inverse, events *dataset.Events, perEvent int) error {
	table := csv.NewWriter(w)
	columns := append([]string{"event", "draw"}, v.Encoding().PositionColumns...)
	if err := table.Write(columns); err != nil {
		return fmt.Errorf("write draws: %w", err)
	}
	row := make([]string, len(columns))
	err := v.Each(ctx, events, perEvent, func(event int, draws dataset.Matrix) error {
		row[0] = strconv.Itoa(event)
		for i := range draws.Rows {
			row[1] = strconv.Itoa(i)
			for j, x := range draws.Row(i) {
				row[2+j] = strconv.FormatFloat(x, 'g', 9, 64)
			}
			if err := table.Write(row); err != nil {
				return fmt.Errorf("write draws: %w", err)
			}
		}
		return nil
	})
	table.Flush()
	return errors.Join(err, table.Error())
}

func count(all []bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}
