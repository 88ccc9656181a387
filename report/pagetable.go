package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gocei/gocei/posterior"
)

// pageTable is a table of the page. The first cell of each row names the row.
type pageTable struct {
	Caption string
	Head    []string
	Rows    [][]string
	Note    string
	Words   bool // cells are words, not numbers
}

func factTable(caption string, facts []Fact) pageTable {
	t := pageTable{Caption: caption, Words: true}
	for _, f := range facts {
		t.Rows = append(t.Rows, []string{f.Name, f.Value})
	}
	return t
}

func errorTable(e *posterior.Evaluation) pageTable {
	unit, square, what := "", "", "All columns"
	if e.Unit != "" {
		unit, square = " ["+unitLabel(e.Unit)+"]", " ["+unitLabel(e.Unit)+"²]"
	}
	atoms := e.Point.ADE > 0 || e.ConstantMean.ADE > 0
	t := pageTable{Caption: "Errors of estimates", Head: []string{"estimate", "mean squared error" + square, "mean relative error", "the same, masked"}}
	if atoms {
		t.Head, what = append(t.Head, "mean distance per atom"+unit), "Cartesian positions"
	}
	t.Note = fmt.Sprintf("%s, over %s. Masked: without components below %s %s. The constant mean is what knowing nothing gives.",
		what, plural(e.Events, "event", "events"), number(e.MREThreshold, 2), unitLabel(e.Unit))
	for _, row := range []struct {
		name string
		posterior.PointErrors
	}{{"posterior mean", e.Point}, {"single draw", e.Sample}, {"constant mean", e.ConstantMean}} {
		cells := []string{row.name, number(row.MSE, 3), number(row.MRE, 3), number(row.MREMasked, 3)}
		if atoms {
			cells = append(cells, number(row.ADE, 3))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

var levels = []string{"0.5", "0.68", "0.9", "0.95"}

func coverageTable(e *posterior.Evaluation) pageTable {
	t := pageTable{
		Caption: "How often regions hold the truth",
		Head:    []string{"region", "50 %", "68 %", "90 %", "95 %", "p, uniform ranks"},
		Note:    "With standard errors. The p-value is that of the whole curve; of exact posteriors it is uniform between 0 and 1.",
	}
	t.Rows = append(t.Rows, append(coverageRow("central intervals, mean over columns", e.Coverage, e.CoverageError), "–"))
	for _, expected := range []struct {
		name string
		*posterior.ExpectedCoverage
	}{{"regions of highest density", e.HighestDensity}, {"balls about random points (TARP)", e.TARP}} {
		if c := expected.ExpectedCoverage; c != nil {
			t.Rows = append(t.Rows, append(coverageRow(expected.name, c.Coverage, c.StandardError), pValue(c.ECDFPValue)))
		}
	}
	return t
}

func coverageRow(name string, held, off posterior.Coverage) []string {
	row := []string{name}
	for _, level := range levels {
		row = append(row, percent(held[level], off[level]))
	}
	return row
}

func columnTable(e *posterior.Evaluation) pageTable {
	t := pageTable{
		Caption: "Calibration, column by column",
		Head:    []string{"column", "p, χ²", "p, ECDF", "mean z-score", "spread of z-scores", "contraction", "68 % intervals hold"},
		Note: "p-values of uniform ranks. z-scores are errors over posterior standard deviations: exact posteriors have mean 0 and spread 1. " +
			"Contraction is the share of the prior's variance that the measurement takes away.",
	}
	for i, c := range e.SBC.Columns {
		row := []string{c.Column, pValue(c.PValue), pValue(c.ECDFPValue), "–", "–", "–", "–"}
		if i < len(e.ZScore) {
			row[3], row[4] = withError(e.ZScore[i].Mean, e.ZScore[i].StandardError), withError(e.ZScore[i].StandardDeviation, e.ZScore[i].StandardDeviationError)
		}
		if i < len(e.Contraction) {
			row[5] = withError(e.Contraction[i].Mean, e.Contraction[i].StandardError)
		}
		at := slices.IndexFunc(e.PerComponent, func(p posterior.Component) bool { return p.Column == c.Column })
		if at >= 0 && e.PerComponent[at].Coverage != nil {
			row[6] = percent(e.PerComponent[at].Coverage["0.68"], e.PerComponent[at].CoverageError["0.68"])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// figures of merit that have no table of their own.
func otherFacts(e *posterior.Evaluation) (facts []Fact) {
	add := func(name, format string, args ...any) {
		facts = append(facts, Fact{name, fmt.Sprintf(format, args...)})
	}
	add("negative log-likelihood", "%s (%s)", number(e.NLL, 4), e.NLLKind)
	add("energy score", "%s %s", number(e.EnergyScore, 3), unitLabel(e.Unit))
	if p := e.Predictive; p != nil {
		add("momenta of exploded draws", "off by %s (median, relative); 95 %% within %s", withError(p.Median, p.MedianError), withError(p.P95, p.P95Error))
	}
	if e.OutsideDomain > 0 {
		add("outside the training range", "%d of %d events", e.OutsideDomain, e.Events)
	}
	if u := e.Unusual; u != nil {
		add("unlike the training part", "%d of %d events, at a false-alarm rate of %g %%", u.Events, e.Events, 100*u.FalseAlarms)
	}
	add("draws", "%s an event, %s drawn again since they overflowed", count(e.Draws), count(e.Redrawn))
	add("round trip", "mean squared error %s: a check of invertibility, not a prediction", number(e.RoundTrip.MSE, 2))
	return facts
}

// flatten lists what a JSON object holds, in its order and in plain words: nested fields as "a: b", lists on one line.
func flatten(text json.RawMessage) (facts []Fact) {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return facts
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return facts
		}
		name := strings.ReplaceAll(fmt.Sprint(key), "_", " ")
		if inner := flatten(value); inner != nil {
			for _, f := range inner {
				facts = append(facts, Fact{name + ": " + f.Name, f.Value})
			}
			continue
		}
		facts = append(facts, Fact{name, oneLine(value)})
	}
	return facts
}

func oneLine(value json.RawMessage) string {
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return string(value)
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var fraction float64
	if bytes.ContainsAny(value, ".e") && json.Unmarshal(value, &fraction) == nil {
		return fmt.Sprintf("%.6g", fraction)
	}
	return strings.ReplaceAll(compact.String(), ",", ", ")
}
