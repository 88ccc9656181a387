package main

import (
	"context"
	"fmt"
	"io"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/posterior"
)

// observationColumn names, in a table of reference draws, the row of the observations that a draw is of, counted from 1.
const observationColumn = "observation"

func (o evaluateOptions) checkReference() error {
	switch {
	case o.Reference == "":
		return nil
	case o.Data == "":
		return usagef("--reference is of the rows of a table: --data is needed")
	case o.selects():
		return usagef("--reference counts the rows of --data: flags that leave some out do not go with it")
	}
	return nil
}

// compare compares posteriors of the events with references; nil without any.
func (o evaluateOptions) compare(ctx context.Context, v *posterior.Inverse, events *dataset.Events, s streams) (*posterior.C2ST, error) {
	if o.Reference == "" {
		return nil, nil
	}
	draws, err := table.ReadEvents(o.Reference, dataset.Layout{
		Targets: v.Encoding().PositionColumns, Conditions: []string{observationColumn}, NeedPositions: true,
	}, table.Options{})
	if err != nil {
		return nil, fmt.Errorf("read reference posteriors: %w", err)
	}
	references, err := posterior.NewReferences(draws.Momenta.Data, draws.Positions, events.Len())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Reference, err)
	}
	s.note("comparing posteriors with %d reference draws of %d observations", draws.Len(), len(references.Observations))
	return v.C2ST(ctx, events, references)
}

// comparison is all that can be said of observations whose true targets are not known.
type comparison struct {
	Model  string          `json:"model"`
	Events int             `json:"events"`
	C2ST   *posterior.C2ST `json:"c2st"`
}

func tellComparison(s streams, v *posterior.Inverse, events *dataset.Events, c *posterior.C2ST, asJSON bool) error {
	outside, err := v.OutsideDomain(events)
	if err != nil {
		return err
	}
	warnOutside(s, v.Encoding(), count(outside), events.Len())
	return printComparison(s.out, comparison{v.Kind(), events.Len(), c}, asJSON)
}

func printComparison(w io.Writer, c comparison, asJSON bool) error {
	if asJSON {
		return printJSON(w, c)
	}
	_, err := fmt.Fprintf(w, "%s on %d observations without true targets\n%s\n", c.Model, c.Events, comparisonLine(c.C2ST))
	return err
}

func comparisonLine(c *posterior.C2ST) string {
	return fmt.Sprintf("classifier two-sample test against reference posteriors: %.3f ±%.3f, mean of %d observations (0.5 is alike, 1 is apart)",
		c.Mean, c.StandardError, len(c.Each))
}
