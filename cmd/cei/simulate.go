package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

type simulateOptions struct {
	recipeOptions
	Seed    *uint64
	Workers *int
	Out     string
	Force   bool
}

func simulateSettings(o *simulateOptions) []setting {
	return append(recipeSettings(&o.recipeOptions),
		seed(&o.Seed, "`SEED` of all that is random: the same one gives the same table"),
		integer(&o.Workers, "workers", "`N` events at once; the table does not depend on it", "all processors"),
		text(&o.Out, "out", "`FILE` to write, in the format that its ending tells", ""),
		yes(&o.Force, "force", "replace FILE if it is there"),
	)
}

func simulateCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:  "simulate",
		Usage: "explode molecules and write a table of positions and momenta",
		Description: "Ions are point charges. Without more, atoms start at rest, near their equilibrium. The table holds its whole recipe, from which\n" +
			"it can be made again to the bit.\n" +
			"Examples: cei simulate --events 10000 --out events.parquet\n" +
			"          cei simulate --molecule H2O --charges 1,1,1 --kelvin 0 --orientation random --out water.npz\n" +
			"          cei simulate --grid C-O=1:5:20,C-S=1:5:20,O-C-S=140:180:20 --out grid.csv\n" +
			"          cei simulate --internal C-O=0.9:2.8,C-S=0.9:2.2,O-C-S=140:180 --out bent.parquet",
		Flags: flagsOf(simulateSettings(&simulateOptions{})),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			var o simulateOptions
			apply(c, simulateSettings(&o))
			return runSimulate(c.Context, o, s)
		},
	}
}

// runSimulate writes the table whole or not at all.
func runSimulate(ctx context.Context, o simulateOptions, s streams) error {
	if err := atLeast("workers", o.Workers, 1); err != nil {
		return err
	}
	recipe, err := o.recipe(o.Seed)
	if err != nil {
		return err
	}
	if err := mayWriteTable(o.Out, o.Force); err != nil {
		return err
	}
	n, err := o.write(ctx, recipe, s)
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	fmt.Fprintf(s.out, "%s: %d explosions of %s, positions in bohr, momenta in au\n", o.Out, n, recipe.Molecule.Name)
	return nil
}

// write writes the table and returns its number of rows.
func (o simulateOptions) write(ctx context.Context, r explosion.Recipe, s streams) (rows int, err error) {
	events, err := dataset.Simulated(r)
	if err != nil {
		return 0, err
	}
	w, err := table.CreateEvents(o.Out, events, nil)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	report, err := explosion.Simulate(ctx, r, given(o.Workers, 0), func(e explosion.Event) error {
		return w.WriteRow(e.Positions, e.Momenta, events.Charges(r, e))
	})
	if err == nil {
		err = tellReport(s, r, report)
	}
	if err == nil {
		err = w.Commit()
	}
	return report.Emitted, err
}

// tellReport tells of events that are not in the table, and of channels where there are several. That no event is left
// is an error.
func tellReport(s streams, r explosion.Recipe, found explosion.Report) error {
	if found.Lost > 0 {
		s.note("%d events are left out: the detector lost an ion", found.Lost)
	}
	if found.Failed > 0 {
		s.note("%d events failed and are left out; the first is event %d: %v", found.Failed, found.FirstFailureIndex, found.FirstFailure)
	}
	if len(r.Channels) > 1 {
		for i, channel := range r.Channels {
			s.note("channel %d, charges %v: %d events", i+1, channel.Charges, found.Channels[i].Emitted)
		}
	}
	if found.Emitted == 0 {
		return fmt.Errorf("none of %d events is left", r.Events)
	}
	return nil
}
