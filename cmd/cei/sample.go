package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

type sampleOptions struct {
	tableOptions
	selectionOptions
	computeOptions
	Data         string
	Samples      *int
	Seed         *uint64
	Coordinates  string
	Summary      bool
	InsideDomain bool
	Shard        string
	Out          string
	Force        bool
}

func sampleSettings(o *sampleOptions) []setting {
	all := []setting{
		text(&o.Data, "data", "`FILE` with momenta, or the run's conditions; positions or targets in it are not looked at", ""),
		integer(&o.Samples, "samples", "`N` draws per event", "100; 1000 with --summary"),
		seed(&o.Seed, "`SEED` of the draws"),
		text(&o.Coordinates, "coordinates", "`COORDINATES` of the draws: frame, the run's; cartesian, in its axes; or laboratory, in the axes of the momenta (frames recoil and as-is)", "frame"),
		yes(&o.Summary, "summary", "write a line an event instead of a draw: mean, median, mode, standard deviation and intervals of each coordinate, of all distances and angles, and of the kinetic energy release where charges are known"),
		text(&o.Out, "out", "`FILE` to write, in the format that its ending tells", "standard output, as CSV"),
		yes(&o.Force, "force", "replace FILE if it is there"),
		text(&o.Shard, shardFlag, shardUsage, "all"),
		yes(&o.InsideDomain, "inside-domain", "leave out events outside the range of the training part"),
	}
	all = append(append(all, selectionSettings(&o.selectionOptions)...), tableSettings(&o.tableOptions)...)
	all = append(all, columnSettings(&o.tableOptions)...)
	return append(all, computeSettings(&o.computeOptions)...)
}

func (o sampleOptions) check() error {
	return cmp.Or(
		needed("data", o.Data, "the table of momenta"),
		atLeast("samples", o.Samples, 1),
		oneOf("coordinates", o.Coordinates, coordinatesFrame, coordinatesCartesian, coordinatesLaboratory),
		o.checkSummary(),
		checkShard(o.Shard, o.Out),
		o.selectionOptions.check(),
		o.computeOptions.check(),
	)
}

func sampleCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "sample",
		Usage:     "draw geometries for measured momenta",
		ArgsUsage: "DIR",
		Description: "Writes one line per draw: event, which is the row of the table, and draw, both counted from 0, and the positions.\n" +
			"Example: cei sample run/cinn --data measured.csv --samples 1000 --out draws.csv\n" +
			"In an array job: cei sample run/cinn --data measured.csv --shard auto --out draws-$SLURM_ARRAY_TASK_ID.parquet; then cei join draws-*.parquet --out draws.parquet",
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
	events, rows, err := o.events(inverse, s)
	if err != nil {
		return err
	}
	outside, err := inverse.OutsideDomain(events)
	if err != nil {
		return err
	}
	warnOutside(s, inverse.Encoding(), count(outside), events.Len())
	which, err := o.part(dir, events.Len(), device)
	if err != nil {
		return err
	}
	if o.Summary {
		return writeSummaries(ctx, inverse, events, rows, which, o, s)
	}
	d, err := newDraws(inverse, events, rows, o.Coordinates)
	if err != nil {
		return err
	}
	d.part = which
	if err := d.write(ctx, o.Out, given(o.Samples, 100), s); err != nil || o.Out == "" {
		return err
	}
	s.note("%s: %d draws for each of %s, %s", o.Out, given(o.Samples, 100), which.describe(events.Len()), d.describe())
	return nil
}

// part returns which part of the events is asked for; nil for all.
func (o sampleOptions) part(dir string, events int, device binding.Device) (*part, error) {
	kind, _, _ := strings.Cut(device.String(), ":")
	return newPart(o.Shard, events, func() (whole, error) {
		return newWhole("sample", o.Data, dir, struct {
			tableOptions
			selectionOptions
			Samples         int    `json:"samples"`
			Seed            uint64 `json:"seed"`
			Coordinates     string `json:"coordinates,omitempty"`
			Summary         bool   `json:"summary,omitempty"`
			InsideDomain    bool   `json:"inside_domain,omitempty"`
			Device          string `json:"device"`
			MatmulPrecision string `json:"matmul_precision,omitempty"`
		}{o.tableOptions, o.selectionOptions, given(o.Samples, 0), given(o.Seed, defaultSeed), o.Coordinates, o.Summary, o.InsideDomain, kind, o.MatmulPrecision})
	})
}

// events returns the selected events, and their rows in the table.
func (o sampleOptions) events(v *posterior.Inverse, s streams) (*dataset.Events, []int, error) {
	events, err := o.readFor(v.Encoding(), o.Data, truthsUnseen)
	if err != nil {
		return nil, nil, err
	}
	var domain *dataset.Encoding
	if o.InsideDomain {
		encoding := v.Encoding()
		domain = &encoding
	}
	return o.selectFrom(events, domain, s)
}

func count(all []bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}
