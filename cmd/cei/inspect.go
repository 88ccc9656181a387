package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

type inspectOptions struct {
	tableOptions
	Strict bool
	JSON   bool
}

func inspectSettings(o *inspectOptions) []setting {
	return append(tableSettings(&o.tableOptions),
		yes(&o.Strict, "strict", "fail where anything is suspicious"),
		yes(&o.JSON, "json", "print JSON"),
	)
}

func inspectCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "inspect",
		Usage:     "describe a table of events",
		ArgsUsage: "FILE",
		Description: "Shows rows, columns, units and ranges, which columns carry information, total momenta, kinetic energy release, and what somebody\n" +
			"should look at before trusting the table.\n" +
			"Example: cei inspect events.parquet",
		Flags: flagsOf(inspectSettings(&inspectOptions{})),
		Action: func(c *cli.Context) error {
			path, err := oneArgument(c, "table of events")
			if err != nil {
				return err
			}
			var o inspectOptions
			apply(c, inspectSettings(&o))
			return runInspect(c.Context, path, o, s)
		},
	}
}

func runInspect(ctx context.Context, path string, o inspectOptions, s streams) error {
	l, err := o.layout(false)
	if err != nil {
		return err
	}
	r, err := table.OpenEvents(path, l, table.Options{})
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	defer r.Close()
	summary, err := r.Describe(ctx)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	if o.JSON {
		err = printJSON(s.out, summary)
	} else {
		err = printSummary(s.out, path, summary)
	}
	if n := len(summary.Suspicious); o.Strict && n > 0 {
		return errors.Join(err, fmt.Errorf("%s: %d findings are suspicious", path, n))
	}
	return err
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
	if err := t.Flush(); err != nil {
		return err
	}
	printHistogram(w, "kinetic energy release, eV", d.KineticEnergyReleaseHistogramEV)
	return printSuspicions(w, d.Suspicious)
}

func printSpread(w io.Writer, name string, s *dataset.Spread) {
	if s != nil {
		fmt.Fprintf(w, "%s\t%.5g\t%.5g\t%.5g\t%.5g\t\t\n", name, s.P5, s.Median, s.P95, s.Max)
	}
}

// printHistogram draws counts as bars of at most 50 characters.
func printHistogram(w io.Writer, title string, h *dataset.Histogram) {
	if h == nil {
		return
	}
	const longest = 50
	most := 1
	for _, n := range h.Counts {
		most = max(most, n)
	}
	fmt.Fprintf(w, "\n%s\n", title)
	if h.Below > 0 {
		fmt.Fprintf(w, "  %21s %9d\n", "below", h.Below)
	}
	for i, n := range h.Counts {
		bar := strings.Repeat("█", n*longest/most)
		if bar == "" && n > 0 {
			bar = "▏"
		}
		fmt.Fprintf(w, "  %9.4g – %9.4g %9d %s\n", h.Edges[i], h.Edges[i+1], n, bar)
	}
	if h.Above > 0 {
		fmt.Fprintf(w, "  %21s %9d\n", "above", h.Above)
	}
}

func printSuspicions(w io.Writer, found []dataset.Suspicion) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(w, "\nnothing suspicious")
		return err
	}
	fmt.Fprintln(w, "\nsuspicious")
	for _, f := range found {
		rows := ""
		if len(f.First) > 0 {
			rows = fmt.Sprintf(" (events %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(f.First), " ", ", "), "[]"))
			if f.Rows > len(f.First) {
				rows += ", …"
			}
			rows += ")"
		}
		fmt.Fprintf(w, "  %d: %s%s\n", f.Rows, f.Text, rows)
	}
	return nil
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
