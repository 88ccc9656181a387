package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/modelbench"
)

type benchOptions struct {
	computeOptions
	Works     []string
	Widths    []int64
	Batches   []int64
	Couplings []int64
	Layers    []int64
	Full      bool
	Rounds    *int
	Steps     *int
	Seconds   *float64
	Draws     *int
	Events    *int
	Target    *float64
	Pythons   []string
	Compile   bool
	Out       string
	Force     bool
	JSON      bool
}

func benchSettings(o *benchOptions) []setting {
	all := []setting{
		texts(&o.Works, "work", "`NAMES` of what to measure, as cinn_step,draw_one_condition", "all"),
		texts(&o.Pythons, "python", "`PROGRAMS`, Pythons with PyTorch to compare with; the fastest way of running any of them counts", "none"),
		yes(&o.Compile, "compile", "try torch.compile too, which takes minutes"),
		text(&o.Out, "out", "`FILE` to write the result to, as JSON", "none"),
		yes(&o.Force, "force", "replace FILE if it is there"),
		yes(&o.JSON, "json", "print JSON"),
	}
	all = append(all, category("Sizes:", []setting{
		integers(&o.Widths, "widths", "hidden `WIDTHS` of the networks", "128"),
		integers(&o.Batches, "batches", "`ROWS` of a batch", "512"),
		integers(&o.Couplings, "couplings", "numbers `N` of couplings of the cINN", "20"),
		integers(&o.Layers, "layers", "numbers `N` of hidden layers of the CVAE's networks", "2"),
		yes(&o.Full, "full", "add the points of figures: the steps along widths from 64 to 512, batches from 128 to 65,536, 5 to 40 couplings and 1 to 8 layers; what is no target gets fewer rounds, and is not compiled"),
		integer(&o.Draws, "draws", "draw `N` times", "10000, and 500 an event for the evaluation"),
		integer(&o.Events, "events", "`N` simulated events to train on and to evaluate", "25600"),
		number(&o.Target, "target-loss", "validation `LOSS` to which time_to_loss trains", "-2 for the cINN, 3.7 for the CVAE"),
	})...)
	all = append(all, category("Thoroughness:", []setting{
		integer(&o.Rounds, "rounds", "`N` rounds, in which cei, the peer and the floor take turns", "12"),
		integer(&o.Steps, "steps", "`N` samples of each in a round, fewer where one takes long", "5"),
		number(&o.Seconds, "case-seconds", "after so many `SECONDS`, what is measured gets no more rounds, once it has three and 50 samples, or after three times as long", "20"),
	})...)
	return append(all, computeSettings(&o.computeOptions)...)
}

func (o benchOptions) check() error {
	return cmp.Or(
		positive("widths", o.Widths), positive("batches", o.Batches), positive("couplings", o.Couplings), positive("layers", o.Layers),
		atLeast("rounds", o.Rounds, 1), atLeast("steps", o.Steps, 1), atLeast("draws", o.Draws, 2), atLeast("events", o.Events, 100),
		aboveZero("case-seconds", o.Seconds), o.checkTarget(), o.computeOptions.check())
}

func (o benchOptions) checkTarget() error {
	if o.Target != nil && math.IsNaN(*o.Target) {
		return usagef("--target-loss must be a number, got NaN")
	}
	return nil
}

// positive refuses a number below 1.
func positive(flag string, asked []int64) error {
	for _, n := range asked {
		if n < 1 {
			return usagef("--%s takes numbers of at least 1, got %d", flag, n)
		}
	}
	return nil
}

func benchCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:  "bench",
		Usage: "measure the models on this machine, beside PyTorch and the machine's own floor",
		Description: "Leave the machine alone meanwhile. FILE has what was measured at any time, so that the run may be stopped. A floor is what the operations take that cannot be done without, at the rate of large matrix\n" +
			"products. A peer is PyTorch in Python with the same weights and rows, which has to find the same numbers first.\n" +
			"Examples: cei bench --work cinn_step,cvae_step\n" +
			"          cei bench --python python3 --compile --out performance.json",
		Flags: flagsOf(benchSettings(&benchOptions{})),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			var o benchOptions
			apply(c, benchSettings(&o))
			return runBench(c.Context, o, s)
		},
	}
}

// runBench measures, and writes and prints what was found, also where the run was stopped on the way.
func runBench(ctx context.Context, o benchOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
	}
	works, err := modelbench.ParseWorks(o.Works)
	if err != nil {
		return usagef("--work: %w", err)
	}
	if o.Out != "" {
		if err := mayReplace(o.Out, o.Force); err != nil {
			return err
		}
	}
	settings, err := o.settings(works, s)
	if err != nil {
		return err
	}
	report, err := modelbench.Run(ctx, settings)
	if err != nil {
		err = fmt.Errorf("bench: %w", err)
	}
	if report == nil || len(report.Results) == 0 {
		return err
	}
	return errors.Join(err, o.print(s.out, report))
}

func (o benchOptions) print(w io.Writer, r *modelbench.Report) error {
	if o.JSON {
		return printJSON(w, r)
	}
	return printBench(w, r)
}

func (o benchOptions) settings(works []modelbench.Work, s streams) (settings modelbench.Options, err error) {
	settings = modelbench.DefaultOptions()
	if settings.Device, err = o.start(); err != nil {
		return settings, err
	}
	if settings.Binary, err = os.Executable(); err != nil {
		return settings, err
	}
	settings.Works, settings.Full, settings.Version, settings.Progress = works, o.Full, version(), s.note
	settings.Rounds, settings.Steps = given(o.Rounds, settings.Rounds), given(o.Steps, settings.Steps)
	settings.CaseTime = time.Duration(given(o.Seconds, settings.CaseTime.Seconds()) * float64(time.Second))
	settings.Events, settings.Draws = given(o.Events, settings.Events), given(o.Draws, settings.Draws)
	settings.TargetLoss, settings.Keep = o.Target, o.keep
	settings.Pythons, settings.Compile = slices.DeleteFunc(o.Pythons, func(p string) bool { return p == "" }), o.Compile
	settings.Grid = o.grid(settings.Grid)
	return settings, nil
}

func (o benchOptions) grid(g modelbench.Grid) modelbench.Grid {
	g.Draws = given(o.Draws, g.Draws)
	for _, sizes := range []struct {
		asked []int64
		field *[]int
	}{{o.Widths, &g.Widths}, {o.Batches, &g.Batches}, {o.Couplings, &g.Couplings}, {o.Layers, &g.Layers}} {
		if sizes.asked == nil {
			continue
		}
		*sizes.field = nil
		for _, n := range sizes.asked {
			*sizes.field = append(*sizes.field, int(n))
		}
	}
	return g
}

// keep writes the report so far to the file that was asked for.
func (o benchOptions) keep(r *modelbench.Report) error {
	if o.Out == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return atomicfile.Write(o.Out, append(text, '\n'))
}
