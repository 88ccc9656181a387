package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

type evaluateOptions struct {
	tableOptions
	selectionOptions
	computeOptions
	momentumNoiseOptions
	Data         string
	Reference    string
	Samples      *int
	Seed         *uint64
	Mask         *float64
	InsideDomain bool
	JSON         bool
}

func evaluateSettings(o *evaluateOptions) []setting {
	all := []setting{
		text(&o.Data, "data", "`FILE` with other events, all of which are judged", "the run's own test part"),
		text(&o.Reference, "reference", "`FILE` with draws of the true posteriors of rows of --data: their columns and observation, a row counted from 1; posteriors are compared with them by a classifier", "none"),
		integer(&o.Samples, "samples", "`N` draws per event", "500"),
		seed(&o.Seed, "`SEED` of the draws"),
		number(&o.Mask, "mre-threshold", "mre_masked leaves out components smaller than this `LENGTH`, in the run's unit", "0.1 bohr; 0.1 for targets"),
		yes(&o.InsideDomain, "inside-domain", "leave out events outside the range of the training part"),
		yes(&o.JSON, "json", "print JSON"),
	}
	all = append(append(all, selectionSettings(&o.selectionOptions)...), tableSettings(&o.tableOptions)...)
	all = append(all, columnSettings(&o.tableOptions)...)
	all = append(all, momentumNoiseSettings(&o.momentumNoiseOptions, "the run's for its own test part, none with --data")...)
	return append(all, computeSettings(&o.computeOptions)...)
}

func (o evaluateOptions) check() error {
	return cmp.Or(o.checkReference(), atLeast("samples", o.Samples, 1), aboveZero("mre-threshold", o.Mask), o.momentumNoiseOptions.check(), o.selectionOptions.check(), o.computeOptions.check())
}

func evaluateCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "evaluate",
		Usage:     "compare a run's posteriors with true positions",
		ArgsUsage: "DIR",
		Description: "Judges the test part, which training has not seen, and keeps the result in DIR/evaluation.json; or another table, or a selection.\n" +
			"Examples: cei evaluate run/cinn\n" +
			"          cei evaluate run/moons --data observations.csv --reference posteriors.parquet",
		Flags: flagsOf(evaluateSettings(&evaluateOptions{})),
		Action: func(c *cli.Context) error {
			dir, err := oneArgument(c, "run directory")
			if err != nil {
				return err
			}
			var o evaluateOptions
			apply(c, evaluateSettings(&o))
			return runEvaluate(c.Context, dir, o, s)
		},
	}
}

const evaluationFile = "evaluation.json"

// runEvaluate judges the run's test part, and keeps the result in the run directory; or the events of another table.
func runEvaluate(ctx context.Context, dir string, o evaluateOptions, s streams) error {
	if err := o.check(); err != nil {
		return err
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
	events, err := o.events(ctx, inverse, s)
	if err != nil {
		return err
	}
	compared, err := o.compare(ctx, inverse, events, s)
	if err != nil {
		return err
	}
	if !events.HasPositions() {
		return tellComparison(s, inverse, events, compared, o.JSON)
	}
	e, err := inverse.Evaluate(ctx, events, posterior.EvaluateOptions{
		Draws: given(o.Samples, 0), MREThreshold: given(o.Mask, 0),
		Recipe: recipeBehind(inverse.Run(), events, s), MomentumNoise: o.noiseFor(inverse.Run(), s),
	})
	if err != nil {
		return err
	}
	e.C2ST = compared
	if o.Data == "" && !o.selects() && !o.momentumNoiseOptions.asked() {
		if err := keepEvaluation(dir, e); err != nil {
			return err
		}
	}
	warnOutside(s, inverse.Encoding(), e.OutsideDomain, e.Events)
	warnRedrawn(s, e.Redrawn)
	if o.JSON {
		return printJSON(s.out, e)
	}
	return printEvaluation(s.out, inverse.Encoding(), e)
}

// selects reports whether only some of the events are to be judged.
func (o evaluateOptions) selects() bool { return o.InsideDomain || o.selectionOptions.asked() }

func (o evaluateOptions) events(ctx context.Context, v *posterior.Inverse, s streams) (*dataset.Events, error) {
	events, err := o.allEvents(ctx, v, s)
	if err != nil || !o.selects() {
		return events, err
	}
	var domain *dataset.Encoding
	if o.InsideDomain {
		encoding := v.Encoding()
		domain = &encoding
	}
	events, _, err = o.selectFrom(events, domain, s)
	return events, err
}

func (o evaluateOptions) allEvents(ctx context.Context, v *posterior.Inverse, s streams) (*dataset.Events, error) {
	if o.Data == "" {
		return testEvents(ctx, v.Run())
	}
	want := truthsNeeded
	if o.Reference != "" {
		want = truthsIfThere
	}
	events, err := o.readFor(v.Encoding(), o.Data, want)
	if err == nil {
		warnTrainedOn(v.Run(), o.Data, events, s)
	}
	return events, err
}

// warnTrainedOn tells of a table whose figures look better than they are.
func warnTrainedOn(run trainer.RunConfig, path string, events *dataset.Events, s streams) {
	if trainedOn(run, path, events) {
		s.note("warning: %s holds events that the run was trained on, and what the model has seen is judged too; without --data, the test part alone is judged", path)
	}
}

func keepEvaluation(dir string, e *posterior.Evaluation) error {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("encode evaluation: %w", err)
	}
	return atomicfile.Write(filepath.Join(dir, evaluationFile), append(text, '\n'))
}

// warnOutside says plainly where a model is asked about what it was not trained on.
func warnOutside(s streams, c dataset.Encoding, outside, events int) {
	if outside > 0 {
		s.note("warning: the %s of %d of %d events lie outside the range of the training part: what the model says of them is extrapolated",
			wordsOf(c).momenta, outside, events)
	}
}

// warnRedrawn tells of draws that a model with unbounded scales spoilt.
func warnRedrawn(s streams, n int) {
	if n > 0 {
		s.note("warning: %d draws overflowed and were drawn again", n)
	}
}

func printEvaluation(w io.Writer, c dataset.Encoding, e *posterior.Evaluation) error {
	model := e.Model
	if e.Members > 1 {
		model = fmt.Sprintf("ensemble of %d %s", e.Members, model)
	}
	fmt.Fprintf(w, "%s on %d events, %d draws each, %s\n%s\n", model, e.Events, e.Draws, coordinatesOf(c), noiseLine(e.MomentumNoise))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	printPointErrors(t, c, e)
	fmt.Fprintln(t)
	fmt.Fprintln(t, "coverage\t50 %\t68 %\t90 %\t95 %\tp, uniform ranks\t")
	printCoverage(t, "central intervals", e.Coverage, e.CoverageError, "")
	if e.HighestDensity != nil {
		printExpectedCoverage(t, "highest-density regions", e.HighestDensity)
	}
	printExpectedCoverage(t, "balls about random points (TARP)", e.TARP)
	if err := t.Flush(); err != nil {
		return err
	}
	if err := printColumns(w, e); err != nil {
		return err
	}
	printPredictive(w, e)
	if e.C2ST != nil {
		fmt.Fprintln(w, "\n"+comparisonLine(e.C2ST))
	}
	_, err := fmt.Fprintf(w, "\nnegative log-likelihood %.5g (%s), energy score %.5g\nround trip mse %.3g (a check of invertibility, not a prediction)\n",
		e.NLL, e.NLLKind, e.EnergyScore, e.RoundTrip.MSE)
	return err
}

// printPointErrors leaves out distances of atoms where there are none.
func printPointErrors(w io.Writer, c dataset.Encoding, e *posterior.Evaluation) {
	distance := func(text string) string {
		if c.Plain() {
			return ""
		}
		return text + "\t"
	}
	fmt.Fprintf(w, "\tmse\tmre\tmre masked\t%s\n", distance("ade"))
	for _, row := range []struct {
		name string
		posterior.PointErrors
	}{{"posterior mean", e.Point}, {"single draw", e.Sample}, {"constant mean", e.ConstantMean}} {
		fmt.Fprintf(w, "%s\t%.5g\t%.5g\t%.5g\t%s\n", row.name, row.MSE, row.MRE, row.MREMasked, distance(fmt.Sprintf("%.5g", row.ADE)))
	}
}

func printExpectedCoverage(w io.Writer, name string, e *posterior.ExpectedCoverage) {
	printCoverage(w, name, e.Coverage, e.StandardError, fmt.Sprintf("%.2g", e.ECDFPValue))
}

func printCoverage(w io.Writer, name string, coverage, off posterior.Coverage, p string) {
	fmt.Fprint(w, name)
	for _, level := range []string{"0.5", "0.68", "0.9", "0.95"} {
		fmt.Fprintf(w, "\t%.3f ±%.3f", coverage[level], off[level])
	}
	fmt.Fprintf(w, "\t%s\t\n", p)
}

// printColumns prints a line a column: whether its ranks are uniform, and how wide and how right its posterior is.
func printColumns(w io.Writer, e *posterior.Evaluation) error {
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "column\tp, chi-squared\tp, ECDF\tz-score mean\tz-score sd\tcontraction\t")
	for i, c := range e.SBC.Columns {
		z := e.ZScore[i]
		fmt.Fprintf(t, "%s\t%.2g\t%.2g\t%.3f ±%.3f\t%.3f ±%.3f\t%.4f ±%.4f\t\n", c.Column, c.PValue, c.ECDFPValue,
			z.Mean, z.StandardError, z.StandardDeviation, z.StandardDeviationError, e.Contraction[i].Mean, e.Contraction[i].StandardError)
	}
	return t.Flush()
}

func printPredictive(w io.Writer, e *posterior.Evaluation) {
	if p := e.Predictive; p != nil {
		fmt.Fprintf(w, "\nmomenta of exploded draws are off by %.3g ±%.2g (median, relative), 95 %% within %.3g ±%.2g; %d draws each, %d could not be exploded\n",
			p.Median, p.MedianError, p.P95, p.P95Error, p.Draws, p.Failed)
	}
	if u := e.Unusual; u != nil {
		fmt.Fprintf(w, "%d of %d events are unlike the training part, at a false-alarm rate of %g\n", u.Events, e.Events, u.FalseAlarms)
	}
}
