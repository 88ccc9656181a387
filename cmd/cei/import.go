package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/statedict"
)

type importOptions struct {
	Like  string
	Names string
	Out   string
}

func importSettings(o *importOptions) []setting {
	return []setting{
		text(&o.Like, "like", "run `DIR` of the same architecture, with the columns, units, frame and scaling that the weights were trained with", ""),
		text(&o.Names, "names", "`FILE` that says what tensors are called, as {\"coupling.*.scale\": \"flow.*.s_net\"}", "as in model.safetensors"),
		text(&o.Out, "out", "run `DIR` to make; it must be empty if it is there", ""),
	}
}

func (o importOptions) check() error {
	return cmp.Or(
		needed("like", o.Like, "a run of the same architecture"),
		needed("out", o.Out, "the run directory to make"),
	)
}

func importCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "make a run of weights that were trained in PyTorch",
		ArgsUsage: "FILE",
		Description: "FILE is what torch.save wrote of a state_dict, or a safetensors file. Nothing in it is executed.\n" +
			"Everything but the weights is the other run's: train one for an epoch to have it.\n" +
			"Example: cei import flow.pt --like run/cinn --names names.json --out run/imported",
		Flags: flagsOf(importSettings(&importOptions{})),
		Action: func(c *cli.Context) error {
			path, err := oneArgument(c, "file")
			if err != nil {
				return err
			}
			var o importOptions
			apply(c, importSettings(&o))
			return runImport(c.Context, path, o, s)
		},
	}
}

func runImport(ctx context.Context, path string, o importOptions, s streams) error {
	if err := cmp.Or(o.check(), ctx.Err()); err != nil {
		return err
	}
	var names statedict.Mapping
	if o.Names != "" {
		var err error
		if names, err = statedict.ReadMapping(o.Names); err != nil {
			return err
		}
	}
	tensors, err := statedict.Read(path)
	if err != nil {
		return err
	}
	if err := statedict.Import(tensors, o.Like, o.Out, names); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: a run like %s with the %d tensors of %s\n", o.Out, o.Like, len(tensors), path)
	return nil
}
