package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
)

type inspectOptions struct {
	tableOptions
	JSON bool
}

func inspectSettings(o *inspectOptions) []setting {
	return append(tableSettings(&o.tableOptions), yes(&o.JSON, "json", "print JSON"))
}

func inspectCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:        "inspect",
		Usage:       "describe a table of events",
		ArgsUsage:   "FILE",
		Description: "Example: cei inspect events.csv",
		Flags:       flagsOf(inspectSettings(&inspectOptions{})),
		Action: func(c *cli.Context) error {
			path, err := oneArgument(c, "table of events")
			if err != nil {
				return err
			}
			var o inspectOptions
			apply(c, inspectSettings(&o))
			return runInspect(path, o, s)
		},
	}
}

func runInspect(path string, o inspectOptions, s streams) error {
	events, err := o.read(path, false)
	if err != nil {
		return err
	}
	summary := dataset.Describe(events)
	if o.JSON {
		return printJSON(s.out, summary)
	}
	return printSummary(s.out, path, summary)
}

func printSummary(w io.Writer, path string, d dataset.Summary) error {
	fmt.Fprintf(w, "%s: %d events of %d atoms %v\n", path, d.Rows, len(d.Atoms), d.Atoms)
	if d.PositionUnit != nil {
		fmt.Fprintf(w, "positions in %s, ", d.PositionUnit.Name)
	} else {
		fmt.Fprint(w, "no positions, ")
	}
	fmt.Fprintf(w, "momenta in %s; %d other columns; %d duplicate rows\n\n", d.MomentumUnit.Name, d.IgnoredColumns, d.DuplicateRows)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "column\tmin\tmean\tmax\tsd\trole\t")
	for _, c := range d.Columns {
		fmt.Fprintf(t, "%s\t%.5g\t%.5g\t%.5g\t%.4g\t%s\t\n", c.Name, c.Min, c.Mean, c.Max, c.SD, c.Role)
	}
	fmt.Fprintln(t)
	fmt.Fprintln(t, "per event\t5 %\tmedian\t95 %\tmax\t\t")
	printSpread(t, "|Σp| ["+d.MomentumUnit.Name+"]", &d.MomentumSum)
	printSpread(t, "KER [eV]", d.KineticEnergyReleaseEV)
	return t.Flush()
}

func printSpread(w io.Writer, name string, s *dataset.Spread) {
	if s != nil {
		fmt.Fprintf(w, "%s\t%.5g\t%.5g\t%.5g\t%.5g\t\t\n", name, s.P5, s.Median, s.P95, s.Max)
	}
}

// printJSON prints v for machines, indented for people.
func printJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}
