package main

import "github.com/urfave/cli/v2"

// category puts settings under a heading of their own in the help.
func category(name string, settings []setting) []setting {
	for _, s := range settings {
		var flag any = s.flag
		if l, ok := flag.(list); ok {
			flag = l.sliceFlag
		}
		switch f := flag.(type) {
		case *cli.StringFlag:
			f.Category = name
		case *cli.BoolFlag:
			f.Category = name
		case *cli.IntFlag:
			f.Category = name
		case *cli.Float64Flag:
			f.Category = name
		case *cli.Uint64Flag:
			f.Category = name
		case *cli.StringSliceFlag:
			f.Category = name
		case *cli.Int64SliceFlag:
			f.Category = name
		case *cli.Float64SliceFlag:
			f.Category = name
		}
	}
	return settings
}
