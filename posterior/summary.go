package posterior

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// ColumnSummary is one event's posterior of one column in numbers.
type ColumnSummary struct {
	Mean, Median, SD   float64
	Q05, Q16, Q84, Q95 float64 // quantiles: [Q16, Q84] is the central interval of 68 %, [Q05, Q95] of 90 %
	// HD68Low and HD68High are the ends of the shortest interval that holds 68 % of the draws.
	HD68Low, HD68High float64
	// Mode is the column's value in the geometry of the highest density that was found (see Inverse.Summaries).
	Mode float64
}

// Summary is one event's posterior in numbers, column by column.
type Summary []ColumnSummary

// SummaryOptions say what to summarise; zeros are the defaults.
type SummaryOptions struct {
	Draws int // an event; 1000
	// Recipe, if there is one, says the charges that the kinetic energy release takes. Where it has several channels, the
	// events must say theirs, in columns q_C, q_O, …
	Recipe *explosion.Recipe
}

// SummaryColumns returns the names and the units of a summary's columns: the coordinates of the run's frame, and then
// those Quantities that are not among them; energies are there with a recipe. Plain tables have their targets alone.
func (v *Inverse) SummaryColumns(energies bool) (names, units []string) {
	c := v.run.Encoding
	names, units = slices.Clone(c.PositionColumns), c.PositionUnits()
	q := NewQuantities(c, energies)
	for i, name := range q.Columns {
		if !slices.Contains(c.PositionColumns, name) {
			names, units = append(names, name), append(units, q.Units[i])
		}
	}
	return names, units
}

// Summaries calls do with the summary of each event in turn, whose columns SummaryColumns names, in memory that does not
// grow with the number of events.
//
// The mode of a cINN is found by ascent on its density, from the best draw along the gradient times the covariance of
// the draws, which is Newton's step where the posterior is normal. A CVAE has no density at hand but bounds; its mode is
// that of a kernel estimate from the draws, by mean shift. Either is a local maximum near the best draw. It is a maximum
// of the density over the frame's independent coordinates, the mean shift's of bounded targets over the whole line that
// they are mapped to; distances, angles and energies are those of that geometry.
func (v *Inverse) Summaries(ctx context.Context, events *dataset.Events, o SummaryOptions, do func(event int, s Summary) error) error {
	return v.SummariesBetween(ctx, events, 0, events.Len(), o, do)
}

// SummariesBetween is Summaries for the events first to end-1 alone, with the numbers that Summaries has for them, to the
// bit. Modes are sought for the same events together as there.
func (v *Inverse) SummariesBetween(ctx context.Context, events *dataset.Events, first, end int, o SummaryOptions, do func(event int, s Summary) error) error {
	if o.Draws == 0 {
		o.Draws = 1000
	}
	if err := checkRange(events, first, end); err != nil {
		return err
	}
	from, to := first/modesAtOnce*modesAtOnce, min((end+modesAtOnce-1)/modesAtOnce*modesAtOnce, events.Len())
	if first == end {
		to = from
	}
	z, err := newSummarizer(v, events, o, func(event int, s Summary) error {
		if event < first || event >= end {
			return nil
		}
		return do(event, s)
	})
	if err != nil {
		return fmt.Errorf("posterior: summarise: %w", err)
	}
	z.first = from
	if err := v.EachBetween(ctx, events, from, to, o.Draws, z.add); err != nil {
		return err
	}
	return z.flush()
}

// summarizer collects events until there are enough to find their modes at once.
type summarizer struct {
	inverse    *Inverse
	conditions dataset.Matrix
	quantities *Quantities
	charges    [][]float64 // by channel; nil without a recipe
	channels   []int       // of the events; nil where there is one
	modes      modeSearch
	do         func(event int, s Summary) error
	first      int // the first waiting event
	waiting    []Summary
}

func newSummarizer(v *Inverse, events *dataset.Events, o SummaryOptions, do func(int, Summary) error) (*summarizer, error) {
	c := v.run.Encoding
	z := &summarizer{inverse: v, quantities: NewQuantities(c, o.Recipe != nil), do: do, modes: v.newModeSearch()}
	var err error
	if z.conditions, err = c.EncodeMomenta(events); err != nil {
		return nil, err
	}
	if o.Recipe == nil {
		return z, nil
	}
	if z.charges, err = chargesFor(c.Atoms, *o.Recipe); err != nil {
		return nil, err
	}
	if len(z.charges) > 1 {
		z.channels, err = channelsOf(events, c.Atoms, z.charges)
	}
	return z, err
}

// modesAtOnce is how many events' modes are sought together.
const modesAtOnce = 256

func (z *summarizer) add(event int, draws dataset.Matrix) error {
	unwrapped, _ := unwrap(z.inverse.run.Encoding.Frame, draws, draws.Row(0))
	table, err := z.table(event, unwrapped)
	if err != nil {
		return err
	}
	summary := summarizeColumns(table)
	if err := z.modes.add(draws); err != nil {
		return err
	}
	if z.waiting = append(z.waiting, summary); len(z.waiting) < modesAtOnce {
		return nil
	}
	return z.flush()
}

// table returns the columns [n, SummaryColumns] of draws in the frame's coordinates.
func (z *summarizer) table(event int, draws dataset.Matrix) (dataset.Matrix, error) {
	var charges []float64
	if z.charges != nil {
		charges = z.charges[0]
	}
	if z.channels != nil {
		charges = z.charges[z.channels[event]]
	}
	return z.quantities.beside(z.inverse.run.Encoding, draws, charges)
}

// beside returns draws in the frame's coordinates with those quantities beside them that are not among these.
func (q *Quantities) beside(c dataset.Encoding, draws dataset.Matrix, charges []float64) (dataset.Matrix, error) {
	cartesian, err := c.CartesianPositions(draws)
	if err != nil {
		return dataset.Matrix{}, err
	}
	derived := q.Of(cartesian, charges)
	out := dataset.Matrix{Rows: draws.Rows}
	for i := range draws.Rows {
		out.Data = append(out.Data, draws.Row(i)...)
		for j, name := range q.Columns {
			if !slices.Contains(c.PositionColumns, name) {
				out.Data = append(out.Data, derived.Row(i)[j])
			}
		}
	}
	out.Cols = len(out.Data) / out.Rows
	return out, nil
}

// flush finds the modes of the events that wait, and hands all over.
func (z *summarizer) flush() error {
	if len(z.waiting) == 0 {
		return nil
	}
	modes, err := z.modes.find(rowRange(z.conditions, z.first, z.first+len(z.waiting)))
	if err != nil {
		return fmt.Errorf("posterior: find modes of events %d to %d: %w", z.first, z.first+len(z.waiting)-1, err)
	}
	for i, summary := range z.waiting {
		values, err := z.table(z.first+i, rowRange(modes, i, i+1))
		if err != nil {
			return err
		}
		for j := range summary {
			summary[j].Mode = values.Data[j]
		}
		if err := z.do(z.first+i, summary); err != nil {
			return err
		}
	}
	z.first, z.waiting = z.first+len(z.waiting), z.waiting[:0]
	return nil
}

// summarizeColumns summarises each column of draws.
func summarizeColumns(draws dataset.Matrix) Summary {
	s := make(Summary, draws.Cols)
	column := make([]float64, draws.Rows)
	for j := range s {
		for i := range column {
			column[i] = draws.Row(i)[j]
		}
		s[j] = summarize(column)
	}
	return s
}

// summarize sorts the draws of a column.
func summarize(draws []float64) ColumnSummary {
	slices.Sort(draws)
	quantile := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, draws, nil) }
	s := ColumnSummary{Median: quantile(0.5), Q05: quantile(0.05), Q16: quantile(0.16), Q84: quantile(0.84), Q95: quantile(0.95)}
	s.Mean = stat.Mean(draws, nil)
	if len(draws) > 1 {
		s.SD = stat.StdDev(draws, nil)
	}
	s.HD68Low, s.HD68High = shortestInterval(draws, 0.68)
	return s
}

// shortestInterval returns the shortest interval that holds a share of the sorted draws: of a density with one peak, the
// highest-density interval.
func shortestInterval(sorted []float64, share float64) (low, high float64) {
	n := min(max(int(math.Ceil(share*float64(len(sorted)))), 1), len(sorted))
	low, high = sorted[0], sorted[n-1]
	for i := range len(sorted) - n + 1 {
		if a, b := sorted[i], sorted[i+n-1]; b-a < high-low {
			low, high = a, b
		}
	}
	return low, high
}
