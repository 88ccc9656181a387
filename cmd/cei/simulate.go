package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/internal/atomicfile"
)

type simulateOptions struct {
	Molecule     string
	Charges      []float64
	Events       *int
	Seed         *uint64
	Displacement *float64 // Ångström
	Workers      *int
	Out          string
	Force        bool
}

func simulateSettings(o *simulateOptions) []setting {
	return []setting{
		text(&o.Molecule, "molecule", "`NAME` of the molecule", "OCS, with atoms in the order C, O, S"),
		numbers(&o.Charges, "charges", "`CHARGES` of the ions in units of e, one per atom", "2,2,2"),
		integer(&o.Events, "events", "`N` explosions to simulate", "100000"),
		seed(&o.Seed, "`SEED` of the random geometries: the same one gives the same table"),
		number(&o.Displacement, "displacement", "each coordinate is off its equilibrium by up to `ANGSTROM`, uniformly", "0.25"),
		integer(&o.Workers, "workers", "`N` events at once; the table does not depend on it", "all processors"),
		text(&o.Out, "out", "`FILE` to write, ending in .csv", ""),
		yes(&o.Force, "force", "replace FILE if it is there"),
	}
}

func simulateCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:        "simulate",
		Usage:       "explode molecules and write a table of positions and momenta",
		Description: "Atoms start at rest, near their equilibrium, as point charges.\nExample: cei simulate --events 10000 --out events.csv",
		Flags:       flagsOf(simulateSettings(&simulateOptions{})),
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
	recipe, err := o.recipe()
	if err != nil {
		return usageError{err}
	}
	if err := mayWriteTable(o.Out, o.Force); err != nil {
		return err
	}
	labels, err := dataset.Labels(recipe.Molecule.Symbols())
	if err != nil {
		return err
	}
	positions, momenta := dataset.ColumnNames(labels)
	var report explosion.Report
	err = atomicfile.WriteWith(o.Out, func(w io.Writer) error {
		rows, err := dataset.NewRowWriter(w, append(positions, momenta...))
		if err != nil {
			return err
		}
		report, err = explosion.Simulate(ctx, recipe, given(o.Workers, 0), func(e explosion.Event) error {
			return rows.Write(e.Positions, e.Momenta)
		})
		return errors.Join(err, rows.Flush())
	})
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	fmt.Fprintf(s.out, "%s: %d explosions of %s, positions in bohr, momenta in au\n", o.Out, report.Emitted, recipe.Molecule.Name)
	if report.Failed > 0 {
		fmt.Fprintf(s.err, "%d events failed and are left out; the first is event %d: %v\n", report.Failed, report.FirstFailureIndex, report.FirstFailure)
	}
	return nil
}

func (o simulateOptions) recipe() (explosion.Recipe, error) {
	molecule, err := explosion.LookupMolecule(cmp.Or(o.Molecule, "OCS"))
	if err != nil {
		return explosion.Recipe{}, err
	}
	charges := o.Charges
	if charges == nil {
		charges = []float64{2, 2, 2}
	}
	return explosion.Recipe{
		Molecule: molecule,
		Channels: []explosion.Channel{{Charges: charges}},
		Geometry: o.geometry(),
		Events:   given(o.Events, 100000),
		Seed:     given(o.Seed, defaultSeed),
	}.Complete()
}

func (o simulateOptions) geometry() explosion.Geometry {
	switch {
	case o.Displacement == nil:
		return explosion.Geometry{}
	case *o.Displacement == 0:
		return explosion.Geometry{Kind: explosion.GeometryEquilibrium}
	}
	return explosion.Geometry{Kind: explosion.GeometryUniform, DisplacementAngstrom: *o.Displacement}
}

// mayWriteTable refuses a format that is not known and a file that is there already.
func mayWriteTable(path string, force bool) error {
	if path == "" {
		return usagef("--out is needed: the file to write")
	}
	if filepath.Ext(path) != ".csv" {
		return usagef("--out must end in .csv, got %q", path)
	}
	return mayReplace(path, force)
}

// mayReplace refuses to write over a file unless it was asked for.
func mayReplace(path string, force bool) error {
	if force {
		return nil
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s is there already; --force replaces it", path)
}
