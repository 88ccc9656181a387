package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

type convertOptions struct {
	tableOptions
	selectionOptions
	ToPositionUnit string
	ToMomentumUnit string
	Force          bool
}

func convertSettings(o *convertOptions) []setting {
	return append(append(tableSettings(&o.tableOptions), selectionSettings(&o.selectionOptions)...),
		text(&o.ToPositionUnit, "to-position-unit", "`UNIT` of the positions written: bohr, angstrom or m", "as they are"),
		text(&o.ToMomentumUnit, "to-momentum-unit", "`UNIT` of the momenta written", "as they are"),
		yes(&o.Force, "force", "replace B if it is there"),
	)
}

func convertCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "convert",
		Usage:     "write a table in another format",
		ArgsUsage: "A B",
		Description: "Copies all columns of numbers and the metadata of A to B, to the bit. The names of the files tell the formats. With options that\n" +
			"say what the columns are, in which units, or which events to have, B has the house's columns and says its units; other columns of numbers come after.\n" +
			"Examples: cei convert events.csv events.parquet\n" +
			"          cei convert measured.txt measured.npz --no-header --atoms O,C,S --momentum-unit '1e-22*kg_m_s' --to-momentum-unit au",
		Flags: flagsOf(convertSettings(&convertOptions{})),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return usagef("convert: give two tables, to read and to write, got %d arguments", c.NArg())
			}
			var o convertOptions
			apply(c, convertSettings(&o))
			return runConvert(c.Context, c.Args().Get(0), c.Args().Get(1), o, s)
		},
	}
}

func runConvert(ctx context.Context, from, to string, o convertOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
	}
	if err := mayWriteTable(to, o.Force); err != nil {
		return err
	}
	copying := copyTable
	if o.understands() {
		copying = o.convertEvents
	}
	rows, err := copying(ctx, from, to, s)
	if err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	fmt.Fprintf(s.out, "%s: %d rows\n", to, rows)
	return nil
}

func (o convertOptions) check() error {
	_, err := o.layout(false)
	return cmp.Or(err, o.units(&dataset.Events{}), o.selectionOptions.check())
}

// understands reports whether anything was asked for that takes an understanding of the columns.
func (o convertOptions) understands() bool {
	t := o.tableOptions
	return t.NoHeader || len(t.Atoms)+len(t.Positions)+len(t.Momenta) > 0 || t.PositionUnit+t.MomentumUnit+o.ToPositionUnit+o.ToMomentumUnit != "" || o.selectionOptions.asked()
}

// copyTable copies numbers and metadata as they are, and returns the number of rows.
func copyTable(ctx context.Context, from, to string, s streams) (rows int, err error) {
	r, err := table.Open(from, table.Options{})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	names, columns := r.Columns(), []string(nil)
	var left []string
	for j, numeric := range r.Numeric() {
		if numeric {
			columns = append(columns, names[j])
		} else {
			left = append(left, names[j])
		}
	}
	if len(columns) == 0 {
		return 0, fmt.Errorf("read %s: no column holds numbers", from)
	}
	if len(left) > 0 {
		s.note("left out, since they do not hold numbers: %s", strings.Join(left, ", "))
	}
	w, err := table.Create(to, columns, r.Metadata())
	if err != nil {
		return 0, err
	}
	defer w.Close()
	for {
		block, err := nextOf(ctx, r.Next)
		if errors.Is(err, io.EOF) {
			return rows, w.Commit()
		}
		if err == nil {
			err = w.Write(block)
		}
		if err != nil {
			return 0, err
		}
		rows += block.Rows
	}
}

// nextOf returns the next of a stream, or ctx's error.
func nextOf[T any](ctx context.Context, next func() (T, error)) (T, error) {
	if err := ctx.Err(); err != nil {
		var none T
		return none, err
	}
	return next()
}
