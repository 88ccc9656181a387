package main

import (
	"cmp"
	"fmt"
	"io"

	"github.com/gocei/gocei/dataset"
)

// selectionOptions say which events of a table to take.
type selectionOptions struct {
	MaxMomentumSum *float64 `json:"max_momentum_sum,omitempty"` // atomic units
	MinKER         *float64 `json:"min_ker,omitempty"`          // eV
	MaxKER         *float64 `json:"max_ker,omitempty"`
}

func selectionSettings(o *selectionOptions) []setting {
	return category("Selection of events:", []setting{
		number(&o.MaxMomentumSum, "max-momentum-sum", "leave out events whose total momentum |Σp| is above `AU`, in atomic units", "take all"),
		number(&o.MinKER, "min-ker", "leave out events with a kinetic energy release below `EV`", "take all"),
		number(&o.MaxKER, "max-ker", "leave out events with a kinetic energy release above `EV`", "take all"),
	})
}

func (o selectionOptions) check() error {
	if o.MinKER != nil && o.MaxKER != nil && *o.MinKER > *o.MaxKER {
		return usagef("--min-ker %g is above --max-ker %g", *o.MinKER, *o.MaxKER)
	}
	return cmp.Or(atLeast("max-momentum-sum", o.MaxMomentumSum, 0), atLeast("min-ker", o.MinKER, 0), atLeast("max-ker", o.MaxKER, 0))
}

func (o selectionOptions) asked() bool { return o != selectionOptions{} }

// selection returns the criteria; with a domain, events must lie in it.
func (o selectionOptions) selection(domain *dataset.Encoding) dataset.Selection {
	return dataset.Selection{MaxMomentumSumAU: o.MaxMomentumSum, KERMinEV: o.MinKER, KERMaxEV: o.MaxKER, Domain: domain}
}

// selectFrom returns the events that meet the criteria and their rows in the table, and tells how many each criterion
// took out. That none is left is an error.
func (o selectionOptions) selectFrom(e *dataset.Events, domain *dataset.Encoding, s streams) (*dataset.Events, []int, error) {
	selected, err := o.selection(domain).Apply(e)
	if err != nil {
		return nil, nil, err
	}
	return selected.Events, selected.Rows, tellSelection(s, selected.Report)
}

// tellSelection tells what a selection took out; that it left none is an error.
func tellSelection(s streams, r dataset.SelectionReport) error {
	if err := printSelection(s.err, r); err != nil {
		return err
	}
	if r.Kept == 0 {
		return fmt.Errorf("the selection leaves none of %d events", r.Events)
	}
	return nil
}

// printSelection prints a line a criterion, and nothing without any.
func printSelection(w io.Writer, r dataset.SelectionReport) error {
	if len(r.Criteria) == 0 {
		return nil
	}
	g := textGrid{{"selection", "threshold", "left out", "remaining"}, {"all events", "", "", fmt.Sprint(r.Events)}}
	for _, c := range r.Criteria {
		threshold := ""
		if c.Threshold != nil {
			threshold = fmt.Sprintf("%g %s", *c.Threshold, c.Unit)
		}
		g = append(g, []string{c.Criterion, threshold, fmt.Sprint(c.Rejected), fmt.Sprint(c.Remaining)})
	}
	return g.print(w)
}
