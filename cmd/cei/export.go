package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/export"
)

type exportOptions struct {
	Format string
	What   string
	Out    string
	Force  bool
	JSON   bool
}

func exportSettings(o *exportOptions) []setting {
	return []setting{
		text(&o.Format, "format", "`FORMAT` to write: torchscript, onnx or safetensors", "what the ending of FILE tells: .pt, .onnx or .safetensors"),
		text(&o.What, "what", "`FUNCTION` to write: sample; log-density, of a cINN; or decode, of a CVAE", "sample"),
		text(&o.Out, "out", "`FILE` to write", ""),
		yes(&o.Force, "force", "replace FILE if it is there"),
		yes(&o.JSON, "json", "print what the inputs and the output are as JSON"),
	}
}

func (o exportOptions) check() error {
	return cmp.Or(
		needed("out", o.Out, "the file to write"),
		oneOf("format", o.Format, export.Formats...),
		oneOf("what", o.What, export.Whats...),
	)
}

// endings tell formats that were not named.
var endings = map[string]export.Format{".pt": export.TorchScript, ".onnx": export.ONNX, ".safetensors": export.Safetensors}

// format returns the format that was asked for.
func (o exportOptions) format() (export.Format, error) {
	if o.Format != "" {
		return export.Format(o.Format), nil
	}
	format, ok := endings[strings.ToLower(filepath.Ext(o.Out))]
	if !ok {
		return "", usagef("--format is needed, since the ending of %s tells none: %s", o.Out, strings.Join(export.Formats, ", "))
	}
	return format, nil
}

func exportCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write a trained model for other programs",
		ArgsUsage: "DIR",
		Description: "Writes a function from momenta to positions, in the run's frame and units, as ONNX or TorchScript; the random numbers of draws are inputs of it.\n" +
			"safetensors has the weights alone, with the run's config.json among the metadata.\n" +
			"Examples: cei export run/cinn --out cinn.onnx\n" +
			"          cei export run/cinn --what log-density --out density.pt",
		Flags: flagsOf(exportSettings(&exportOptions{})),
		Action: func(c *cli.Context) error {
			dir, err := oneArgument(c, "run directory")
			if err != nil {
				return err
			}
			var o exportOptions
			apply(c, exportSettings(&o))
			return runExport(c.Context, dir, o, s)
		},
	}
}

func runExport(ctx context.Context, dir string, o exportOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
	}
	format, err := o.format()
	if err != nil {
		return err
	}
	if err := cmp.Or(ctx.Err(), mayReplace(o.Out, o.Force)); err != nil {
		return err
	}
	if format == export.Safetensors {
		return exportWeights(dir, o, s)
	}
	if format == export.TorchScript {
		if _, err := binding.Load(); err != nil {
			return err
		}
	}
	f, err := export.Describe(dir, export.What(cmp.Or(o.What, string(export.Sample))))
	if err != nil {
		return err
	}
	if err := f.Write(o.Out, format); err != nil {
		return err
	}
	return printFunction(s, o, f.Notes)
}

func exportWeights(dir string, o exportOptions, s streams) error {
	if o.What != "" {
		return usagef("--what is for functions, and safetensors holds weights alone")
	}
	if err := export.WriteWeights(dir, o.Out); err != nil {
		return err
	}
	if !o.JSON {
		fmt.Fprintf(s.out, "%s: the weights, and the run's %s as metadata\n", o.Out, "config.json")
	}
	return nil
}

func printFunction(s streams, o exportOptions, n export.Notes) error {
	if o.JSON {
		return printJSON(s.out, n)
	}
	fmt.Fprintf(s.out, "%s: %s of a %s\n", o.Out, n.What, n.Model)
	for _, in := range n.Inputs {
		fmt.Fprintf(s.out, "input  %s\n", shown(in))
	}
	fmt.Fprintf(s.out, "output %s\n", shown(n.Output))
	return nil
}

// shown returns an array's line.
func shown(a export.Array) string {
	shape := "[batch]"
	if a.Width > 0 {
		shape = fmt.Sprintf("[batch,%d]", a.Width)
	}
	line := fmt.Sprintf("%s %s %s: %s", a.Name, a.Type, shape, a.Meaning)
	if len(a.Columns) > 0 {
		line += ": " + strings.Join(a.Columns, ", ")
	}
	return line
}
