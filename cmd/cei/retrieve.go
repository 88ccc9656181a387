package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/posterior/retrieval"
	"github.com/gocei/gocei/trainer"
)

type retrieveOptions struct {
	tableOptions
	selectionOptions
	recipeOptions
	Data          string
	Run           string
	Samples       *int
	Shapes        *int
	Noise         *float64
	RelativeNoise *float64
	FrameNoise    bool
	Seed          *uint64
	Workers       *int
	Shard         string
	Out           string
	Force         bool
	JSON          bool
}

func retrieveSettings(o *retrieveOptions) []setting {
	all := []setting{
		text(&o.Data, "data", "`FILE` with momenta; positions in it are not looked at", ""),
		text(&o.Run, "run", "run `DIR`: its draws are started from too, and its recipe is the prior unless another is given", "none"),
		integer(&o.Samples, "samples", "with --run: `N` draws per event to start from", "20"),
		integer(&o.Shapes, "shapes", "`N` geometries of the prior that are exploded beforehand, to start from", "20000"),
		number(&o.Noise, "noise", "standard deviation in `AU` of each measured momentum component", "the recipe's detector"),
		number(&o.RelativeNoise, "relative-noise", "the same as a `FRACTION` of the component", "the recipe's detector"),
		yes(&o.FrameNoise, "frame-noise", "the noise is that of components in the body frame, not in the table's axes"),
		seed(&o.Seed, "`SEED` of all random numbers"),
		text(&o.Shard, shardFlag, shardUsage, "all"),
		integer(&o.Workers, "workers", "`N` events at a time", "one a processor"),
		text(&o.Out, "out", "`FILE` to write, in the format that its ending tells", "standard output, as CSV"),
		yes(&o.Force, "force", "replace FILE if it is there"),
		yes(&o.JSON, "json", "print JSON, an object a line, instead of CSV"),
	}
	all = append(append(all, selectionSettings(&o.selectionOptions)...), tableSettings(&o.tableOptions)...)
	return append(all, recipeSettings(&o.recipeOptions)...)
}

func (o retrieveOptions) check() error {
	return cmp.Or(
		needed("data", o.Data, "the table of momenta"),
		atLeast("samples", o.Samples, 0),
		atLeast("shapes", o.Shapes, 1),
		atLeast("workers", o.Workers, 1),
		atLeast("noise", o.Noise, 0),
		atLeast("relative-noise", o.RelativeNoise, 0),
		o.checkJSON(),
		checkShard(o.Shard, o.Out),
		o.selectionOptions.check(),
	)
}

func (o retrieveOptions) checkJSON() error {
	if o.JSON && o.Out != "" {
		return usagef("--json prints to standard output, and --out writes a file in the format of its ending: give one of them")
	}
	return nil
}

func retrieveCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:  "retrieve",
		Usage: "find every geometry that explains measured momenta",
		Description: "Fits geometries to the momenta on the simulator. Writes one line per solution: event, which is the row of the table,\n" +
			"and solution, both counted from 0 and the heaviest first; its weight, which is its share of the posterior mass; residual,\n" +
			"which is |Δp|/|p|; chi_square; bond lengths, angles (radians) and their standard deviations; positions in the body frame.\n" +
			"With --run in a body or internal frame, the run's draws are exploded too and weighed by likelihood and prior over the\n" +
			"model's density: effective_draws is how many equally good ones they are worth, and draw_weight the share of their weight nearest to the solution.\n" +
			"The prior is the recipe's: the flags', --recipe's, the run's, or what the table was simulated from.\n" +
			"Example: cei retrieve --data measured.csv --displacement 0.25 --noise 0.5 --out solutions.parquet",
		Flags: flagsOf(retrieveSettings(&retrieveOptions{})),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			var o retrieveOptions
			apply(c, retrieveSettings(&o))
			return runRetrieve(c.Context, o, s)
		},
	}
}

func runRetrieve(ctx context.Context, o retrieveOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.Out != "" {
		if err := mayWriteTable(o.Out, o.Force); err != nil {
			return err
		}
	}
	events, err := o.tableOptions.read(o.Data, false)
	if err != nil {
		return err
	}
	recipe, err := o.prior(events)
	if err != nil {
		return err
	}
	events, rows, err := o.selectFrom(events, nil, s)
	if err != nil {
		return err
	}
	retriever, err := retrieval.New(ctx, recipe, o.options(recipe))
	if err != nil {
		return err
	}
	warnRetrieve(s, recipe)
	momenta, err := retrievable(events, retriever)
	if err != nil {
		return err
	}
	w := solutionWriter{retriever: retriever, rows: rows, unit: events.PositionUnit, json: o.JSON}
	if w.part, err = o.part(recipe, events.Len()); err != nil {
		return err
	}
	if w.drawn, err = o.drawn(ctx, events, momenta, retriever); err != nil {
		return err
	}
	if w.drawn != nil {
		defer w.drawn.inverse.Close()
	}
	return w.write(ctx, o.Out, momenta, s)
}

// part returns which part of the events is asked for; nil for all.
func (o retrieveOptions) part(r explosion.Recipe, events int) (*part, error) {
	return newPart(o.Shard, events, func() (whole, error) {
		return newWhole("retrieve", o.Data, o.Run, struct {
			tableOptions
			selectionOptions
			Recipe     explosion.Recipe `json:"recipe"`
			Samples    int              `json:"samples"`
			Shapes     int              `json:"shapes,omitempty"`
			Noise      *float64         `json:"noise,omitempty"`
			Relative   *float64         `json:"relative_noise,omitempty"`
			FrameNoise bool             `json:"frame_noise,omitempty"`
			Seed       uint64           `json:"seed"`
		}{o.tableOptions, o.selectionOptions, r, given(o.Samples, 20), given(o.Shapes, 0), o.Noise, o.RelativeNoise, o.FrameNoise, given(o.Seed, defaultSeed)})
	})
}

// prior is the recipe that was asked for, or else the run's, or else that of the table, or else the default.
func (o retrieveOptions) prior(events *dataset.Events) (explosion.Recipe, error) {
	if o.recipeOptions.Recipe == "" && o.Molecule == "" {
		stored := events.Recipe
		if o.Run != "" {
			run, err := trainer.ReadRunConfig(o.Run)
			if err != nil {
				return explosion.Recipe{}, err
			}
			if from, ok := sourceOf(run); ok && from.Recipe != nil {
				stored = from.Recipe
			}
		}
		if stored != nil {
			return o.changed(stored)
		}
	}
	return o.recipe(o.Seed)
}

// changed is the recipe of a run or a table with what the flags say otherwise.
func (o retrieveOptions) changed(stored json.RawMessage) (explosion.Recipe, error) {
	r, err := explosion.ParseRecipe(stored)
	if err != nil {
		return r, err
	}
	o.recipeOptions.Recipe = "stored" // so that its molecule stays
	for _, change := range []func(*explosion.Recipe) error{o.changeMolecule, o.changeGeometry, o.changeMotion, o.changeDetector, o.changeRun} {
		if err := change(&r); err != nil {
			return r, usageError{err}
		}
	}
	if r, err = r.Complete(); err != nil {
		return r, usageError{err}
	}
	return r, nil
}

// options take the noise of the recipe's detector unless told otherwise.
func (o retrieveOptions) options(r explosion.Recipe) retrieval.Options {
	return retrieval.Options{
		Noise: retrieval.Noise{
			Absolute: given(o.Noise, r.Detector.AbsoluteNoise),
			Relative: given(o.RelativeNoise, r.Detector.RelativeNoise),
			InFrame:  o.FrameNoise,
		},
		Shapes:  given(o.Shapes, 0),
		Seed:    given(o.Seed, defaultSeed),
		Workers: given(o.Workers, 0),
	}
}

func warnRetrieve(s streams, r explosion.Recipe) {
	if r.Motion.Kind != explosion.MotionRest {
		s.note("warning: the recipe's molecules move (%s): they are taken to be at rest, so allow for it in --noise", r.Motion.Kind)
	}
}

// retrievable returns the momenta in atomic units with the atoms in the retriever's order.
func retrievable(events *dataset.Events, v *retrieval.Retriever) (dataset.Matrix, error) {
	events, err := events.Reordered(v.Atoms())
	if err != nil {
		return dataset.Matrix{}, err
	}
	m := dataset.NewMatrix(events.Momenta.Rows, events.Momenta.Cols)
	for i, p := range events.Momenta.Data {
		m.Data[i] = p * events.MomentumUnit.AU
	}
	return m, nil
}

// drawn draws from the run for each event; nil without a run.
func (o retrieveOptions) drawn(ctx context.Context, events *dataset.Events, momenta dataset.Matrix, v *retrieval.Retriever) (*drawnStarts, error) {
	if o.Run == "" || given(o.Samples, 20) == 0 {
		return nil, nil
	}
	inverse, err := posterior.Open(ctx, o.Run, posterior.WithSeed(given(o.Seed, defaultSeed)))
	if err != nil {
		return nil, err
	}
	if atoms := inverse.Encoding().Atoms; !slices.Equal(atoms, v.Atoms()) {
		err = fmt.Errorf("the run's atoms are %v, the recipe's %v: want the same in the same order", atoms, v.Atoms())
		return nil, errors.Join(err, inverse.Close())
	}
	return &drawnStarts{
		inverse: inverse, retriever: v, events: events, momenta: momenta, perEvent: given(o.Samples, 20),
		seed: given(o.Seed, defaultSeed), waiting: map[int]weighedDraws{},
	}, nil
}
