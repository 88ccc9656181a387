package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// describedFlag is a flag as completions and the manual show it.
type describedFlag struct {
	names     []string // without dashes
	usage     string
	value     string // what it takes, in capitals; empty for one that takes nothing
	otherwise string // what is in force without it
}

// describedFlags returns the flags of a command, that for help included.
func describedFlags(c *cli.Command) (all []describedFlag) {
	for _, f := range append(c.VisibleFlags(), cli.HelpFlag) {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		d := describedFlag{names: f.Names(), usage: doc.GetUsage()}
		if doc.TakesValue() {
			d.value, d.otherwise = "VALUE", doc.GetDefaultText()
		}
		if before, rest, found := strings.Cut(d.usage, "`"); found {
			if value, after, found := strings.Cut(rest, "`"); found {
				d.value, d.usage = value, before+value+after
			}
		}
		all = append(all, d)
	}
	return deduplicated(all)
}

// deduplicated leaves out flags that come again, as the one for help does once a command was run.
func deduplicated(all []describedFlag) (kept []describedFlag) {
	seen := map[string]bool{}
	for _, d := range all {
		if !seen[d.names[0]] {
			kept = append(kept, d)
		}
		seen[d.names[0]] = true
	}
	return kept
}

// dashed returns a name as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// typedFlags returns all of a command's flags as they are typed.
func typedFlags(c *cli.Command) (all []string) {
	for _, f := range describedFlags(c) {
		for _, name := range f.names {
			all = append(all, dashed(name))
		}
	}
	return all
}

// visibleCommands returns the commands that the help shows.
func visibleCommands(app *cli.App) (all []*cli.Command) {
	for _, c := range app.Commands {
		if !c.Hidden && c.Name != "help" {
			all = append(all, c)
		}
	}
	return all
}
