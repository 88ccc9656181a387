package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset/table"
)

type joinOptions struct {
	Out   string
	Force bool
}

func joinSettings(o *joinOptions) []setting {
	return []setting{
		text(&o.Out, "out", "`FILE` to write, in the format that its ending tells", ""),
		yes(&o.Force, "force", "replace FILE if it is there"),
	}
}

func joinCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "join",
		Usage:     "join the parts that --shard made",
		ArgsUsage: "PART...",
		Description: "Writes the table that cei sample or cei retrieve would have written in one go, to the byte where format and version are the same.\n" +
			"The parts may come in any order. That one is missing, there twice, or of another run, table or setting, is an error.\n" +
			"Example: cei join draws-*.parquet --out draws.parquet",
		Flags: flagsOf(joinSettings(&joinOptions{})),
		Action: func(c *cli.Context) error {
			var o joinOptions
			apply(c, joinSettings(&o))
			return runJoin(c.Context, c.Args().Slice(), o, s)
		},
	}
}

// opened is a part that is being read.
type opened struct {
	part
	path   string
	reader *table.Reader
}

func runJoin(ctx context.Context, paths []string, o joinOptions, s streams) (err error) {
	if len(paths) == 0 {
		return usagef("join: give the parts to join")
	}
	if err := mayWriteTable(o.Out, o.Force); err != nil {
		return err
	}
	var parts []opened
	defer func() {
		for _, p := range parts {
			err = joinClose(err, p.reader)
		}
	}()
	for _, path := range paths {
		p, err := openPart(path)
		if err != nil {
			return err
		}
		parts = append(parts, p)
		if p.same(o.Out) {
			return fmt.Errorf("%s is one of the parts: join them into another file", o.Out)
		}
	}
	slices.SortStableFunc(parts, func(a, b opened) int { return a.Shard.Number - b.Shard.Number })
	if err := checkParts(parts); err != nil {
		return err
	}
	rows, err := writeJoined(ctx, parts, o.Out)
	if err != nil {
		return err
	}
	s.note("%s: %d rows of %d events, joined from %d parts", o.Out, rows, parts[0].Events, len(parts))
	return nil
}

func openPart(path string) (opened, error) {
	r, err := table.Open(path, table.Options{})
	if err != nil {
		return opened{}, fmt.Errorf("read part: %w", err)
	}
	p, err := readPart(path, r.Metadata())
	if err != nil {
		return opened{}, joinClose(err, r)
	}
	return opened{p, path, r}, nil
}

// same reports whether the part is the file at path.
func (p opened) same(path string) bool {
	a, err1 := os.Stat(p.path)
	b, err2 := os.Stat(path)
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}

// checkParts wants each part of one whole, in order, once.
func checkParts(parts []opened) error {
	first := parts[0]
	for _, p := range parts[1:] {
		difference := first.Whole.differs(p.Whole)
		switch {
		case difference != "":
		case p.Shard.Count != first.Shard.Count:
			difference = fmt.Sprintf("one is part %s, the other part %s", first.Shard, p.Shard)
		case p.Events != first.Events:
			difference = fmt.Sprintf("one is of %d events, the other of %d", first.Events, p.Events)
		case !slices.Equal(p.reader.Columns(), first.reader.Columns()) || !maps.Equal(p.about(), first.about()):
			difference = "their columns, or what they say of them, are not the same"
		}
		if difference != "" {
			return fmt.Errorf("%s and %s do not belong together: %s", first.path, p.path, difference)
		}
	}
	return checkComplete(parts)
}

func checkComplete(parts []opened) error {
	var missing []string
	there := map[int]string{}
	for _, p := range parts {
		if before, twice := there[p.Shard.Number]; twice {
			return fmt.Errorf("%s and %s are both part %s", before, p.path, p.Shard)
		}
		there[p.Shard.Number] = p.path
	}
	const most = 10
	count := parts[0].Shard.Count
	for number := 1; number <= count && len(missing) <= most; number++ {
		if there[number] == "" {
			missing = append(missing, shard{number, count}.String())
		}
	}
	if len(missing) > most {
		missing[most] = "…"
	}
	if len(missing) > 0 {
		return fmt.Errorf("of the %d parts, %d are given: %s is missing", count, len(parts), strings.Join(missing, ", "))
	}
	return nil
}

// about returns what a part says of itself, but for which part it is.
func (p opened) about() table.Metadata {
	m := maps.Clone(p.reader.Metadata())
	delete(m, partKey)
	return m
}

// writeJoined copies the rows, part by part, and returns how many there are.
func writeJoined(ctx context.Context, parts []opened, path string) (rows int64, err error) {
	to, err := table.Create(path, parts[0].reader.Columns(), parts[0].about())
	if err != nil {
		return 0, err
	}
	defer to.Close()
	for _, p := range parts {
		n, err := p.copyTo(ctx, to)
		if rows += n; err != nil {
			return rows, fmt.Errorf("join %s: %w", filepath.Base(p.path), err)
		}
	}
	return rows, to.Commit()
}

// copyTo copies row by row, as the rows of an undivided table are written.
func (p opened) copyTo(ctx context.Context, to *table.Writer) (rows int64, err error) {
	if p.First == p.End {
		return 0, nil // without rows, texts do not tell that their columns are numbers
	}
	columns := make([]int, len(p.reader.Columns()))
	for i := range columns {
		columns[i] = i
	}
	if err := p.reader.Choose(columns); err != nil {
		return 0, err
	}
	for {
		some, err := p.reader.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		for i := 0; i < some.Rows && err == nil; i++ {
			err = to.WriteRow(some.Row(i))
			rows++
		}
		if err != nil {
			return rows, err
		}
	}
}

// joinClose closes what was read, and adds its error.
func joinClose(err error, c io.Closer) error { return errors.Join(err, c.Close()) }
