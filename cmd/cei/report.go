package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/report"
	"github.com/gocei/gocei/trainer"
)

type reportOptions struct {
	tableOptions
	computeOptions
	momentumNoiseOptions
	Data    string
	Out     string
	Events  *int
	Samples *int
	Seed    *uint64
	Force   bool
	JSON    bool
}

func reportSettings(o *reportOptions) []setting {
	all := []setting{
		text(&o.Data, "data", "`FILE` with other events to judge and to show", "the run's own test part"),
		text(&o.Out, "out", "`DIR` to write report.html and figures/ into", "the run directory"),
		integer(&o.Events, "events", "the first `N` events are looked at", "1000"),
		integer(&o.Samples, "samples", "`N` draws per event", "500"),
		seed(&o.Seed, "`SEED` of the draws"),
		yes(&o.Force, "force", "replace files that are not from this command"),
		yes(&o.JSON, "json", "print JSON"),
	}
	all = append(all, tableSettings(&o.tableOptions)...)
	all = append(all, momentumNoiseSettings(&o.momentumNoiseOptions, "the run's for its own test part, none with --data")...)
	return append(all, computeSettings(&o.computeOptions)...)
}

func (o reportOptions) check() error {
	return cmp.Or(atLeast("events", o.Events, 1), atLeast("samples", o.Samples, 2), o.momentumNoiseOptions.check(), o.computeOptions.check())
}

func reportCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "show a run in pictures, tables and one page",
		ArgsUsage: "DIR",
		Description: "Writes report.html, which is one file and loads nothing, and figures/ with each picture as PNG and SVG.\n" +
			"Figures of merit are those in DIR/evaluation.json if they are of these weights; otherwise the events are judged here.\n" +
			"Example: cei report run/cinn",
		Flags: flagsOf(reportSettings(&reportOptions{})),
		Action: func(c *cli.Context) error {
			dir, err := oneArgument(c, "run directory")
			if err != nil {
				return err
			}
			var o reportOptions
			apply(c, reportSettings(&o))
			return runReport(c.Context, dir, o, s)
		},
	}
}

func runReport(ctx context.Context, dir string, o reportOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
	}
	out := cmp.Or(o.Out, dir)
	if !o.Force {
		if err := report.MayReplace(out); err != nil {
			return err
		}
	}
	device, err := o.start()
	if err != nil {
		return err
	}
	inverse, err := posterior.Open(ctx, dir, posterior.OnDevice(device), posterior.WithSeed(given(o.Seed, defaultSeed)))
	if err != nil {
		return err
	}
	defer inverse.Close()
	options, err := o.report(ctx, dir, inverse.Run(), s)
	if err != nil {
		return err
	}
	r, err := report.New(ctx, inverse, options)
	if err != nil {
		return err
	}
	warnRedrawn(s, inverse.Redrawn())
	paths, err := r.Write(out)
	if err != nil {
		return err
	}
	return o.print(r, paths, s)
}

// report gathers what the report is made from. Of the run's own events, none may be at hand any more; a table that was
// asked for must be.
func (o reportOptions) report(ctx context.Context, dir string, run trainer.RunConfig, s streams) (report.Options, error) {
	noise := evaluateOptions{momentumNoiseOptions: o.momentumNoiseOptions, Data: o.Data}
	r := report.Options{
		Dir: dir, EventsName: "the run's test part", MostEvents: given(o.Events, 0), Draws: given(o.Samples, 0),
		MomentumNoise: noise.noiseFor(run, s), Origin: originOf(run), Program: version(),
	}
	if r.Events, r.NoEvents = o.events(ctx, run, s); r.NoEvents != nil {
		if o.Data != "" || ctx.Err() != nil {
			return r, r.NoEvents
		}
		return r, nil
	}
	if o.Data != "" {
		r.EventsName = filepath.Base(o.Data)
	}
	r.Recipe, r.NoRecipe = findRecipe(run, r.Events)
	if o.Data == "" && o.Events == nil && !o.momentumNoiseOptions.asked() {
		r.Evaluation = keptEvaluation(dir, run, r.Events)
	}
	return r, nil
}

// events returns the events to look at, which may have no positions where they are of another table.
func (o reportOptions) events(ctx context.Context, run trainer.RunConfig, s streams) (*dataset.Events, error) {
	if o.Data == "" {
		return testEvents(ctx, run)
	}
	events, err := o.readFor(run.Encoding, o.Data, truthsIfThere)
	if err == nil {
		warnTrainedOn(run, o.Data, events, s)
	}
	return events, err
}

// keptEvaluation returns what cei evaluate left in a run directory; nil where there is none, or it is of other weights
// or other events.
func keptEvaluation(dir string, run trainer.RunConfig, events *dataset.Events) *posterior.Evaluation {
	kept, err := os.Stat(filepath.Join(dir, evaluationFile))
	if err != nil {
		return nil
	}
	members, err := trainer.RunDirs(dir)
	if err != nil {
		return nil
	}
	for _, member := range members {
		weights, err := os.Stat(filepath.Join(member, trainer.ModelFile))
		if err != nil || kept.ModTime().Before(weights.ModTime()) {
			return nil
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, evaluationFile))
	if err != nil {
		return nil
	}
	var e posterior.Evaluation
	if json.Unmarshal(text, &e) != nil || max(e.Members, 1) != len(members) || e.SBC == nil || len(e.SBC.Columns) != run.Encoding.Positions.Dim() {
		return nil
	}
	if e.Model != run.Model.Kind || e.Frame != string(run.Encoding.Frame.Kind) || e.Events != events.Len() || e.MomentumNoise != run.Training.MomentumNoise {
		return nil
	}
	return &e
}

// originOf says where the run's own events came from.
func originOf(run trainer.RunConfig) (facts []report.Fact) {
	from, ok := sourceOf(run)
	if !ok {
		return nil
	}
	add := func(name, value string) { facts = append(facts, report.Fact{Name: name, Value: value}) }
	if from.Options.Data != "" {
		add("table", from.Options.Data)
		if from.Streamed != nil {
			add("its fingerprint", from.Streamed.Fingerprint)
			add("rows in memory at once", fmt.Sprint(from.Streamed.RowsInMemory))
		} else {
			add("its SHA-256", from.SHA256)
		}
	}
	o := from.Options.selectionOptions
	for _, limit := range []struct {
		name  string
		value *float64
	}{{"|Σp| at most [au]", o.MaxMomentumSum}, {"kinetic energy release at least [eV]", o.MinKER}, {"kinetic energy release at most [eV]", o.MaxKER}} {
		if limit.value != nil {
			add(limit.name, fmt.Sprint(*limit.value))
		}
	}
	return append(facts, report.RecipeFacts(from.Recipe)...)
}

// reportFiles is what cei report tells of.
type reportFiles struct {
	Report  string            `json:"report"`
	Bytes   int64             `json:"bytes"`
	Figures []string          `json:"figures"`
	Verdict string            `json:"verdict"`
	Reasons []string          `json:"reasons"`
	LeftOut []report.Omission `json:"left_out"`
}

func (o reportOptions) print(r *report.Report, paths []string, s streams) error {
	w := reportFiles{Report: paths[0], Figures: paths[1:], Verdict: r.Verdict.Word, Reasons: r.Verdict.Sentences, LeftOut: r.Omissions}
	info, err := os.Stat(paths[0])
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil {
		w.Bytes = info.Size()
	}
	if o.JSON {
		return printJSON(s.out, w)
	}
	fmt.Fprintf(s.out, "report   %s (%d kB)\n", w.Report, (w.Bytes+500)/1000)
	if len(r.Pictures) > 0 {
		fmt.Fprintf(s.out, "figures  %s: %d, as PNG and SVG\n", filepath.Dir(w.Figures[0]), len(r.Pictures))
	}
	_, err = fmt.Fprintf(s.out, "verdict  %s\n", strings.Join(append([]string{w.Verdict + "."}, w.Reasons...), "\n         "))
	for _, missing := range w.LeftOut {
		_, err = fmt.Fprintf(s.out, "left out %s: %s\n", missing.What, missing.Why)
	}
	return err
}
