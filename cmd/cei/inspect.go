package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset/table"
)

type inspectOptions struct {
	tableOptions
	Strict bool
	JSON   bool
}

func inspectSettings(o *inspectOptions) []setting {
	return append(append(tableSettings(&o.tableOptions), columnSettings(&o.tableOptions)...),
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
		return errors.Join(err, fmt.Errorf("%s is suspicious, findings: %d", path, n))
	}
	return err
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
