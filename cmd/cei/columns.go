package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// columnSettings are those of tables without atoms, whose columns are targets and conditions.
func columnSettings(o *tableOptions) []setting {
	return category("Any columns instead of atoms:", []setting{
		texts(&o.Targets, "targets", "`COLUMNS` to infer instead of positions: any names, or numbers from 1 with --no-header", ""),
		texts(&o.Conditions, "conditions", "`COLUMNS` to infer them from instead of momenta, likewise", ""),
	})
}

func boundsSettings(o *trainOptions) []setting {
	return category("Any columns instead of atoms:", []setting{
		texts(&o.Bounds, "bounds", "`ENDS` that targets cannot reach, as theta_1=-1:1,theta_2=0:10: no draw lies outside", "none"),
	})
}

// plain reports whether the table is one of targets and conditions.
func (o tableOptions) plain() bool { return len(o.Targets)+len(o.Conditions) > 0 }

// checkColumns refuses what only tables of atoms have beside targets and conditions.
func (o tableOptions) checkColumns() error {
	if !o.plain() {
		return nil
	}
	const instead = "does not go with --targets and --conditions, which take columns as they are, without atoms"
	return cmp.Or(
		unasked("atoms", o.Atoms != nil, instead), unasked("positions", o.Positions != nil, instead), unasked("momenta", o.Momenta != nil, instead),
		unasked("position-unit", o.PositionUnit != "", instead), unasked("momentum-unit", o.MomentumUnit != "", instead),
	)
}

// unasked refuses a flag, and says why.
func unasked(flag string, asked bool, why string) error {
	if asked {
		return usagef("--%s %s", flag, why)
	}
	return nil
}

// checkPlain refuses settings of a training that mean nothing to targets and conditions, or only to them.
func (o trainOptions) checkPlain() error {
	if !o.plain() {
		return unasked("bounds", o.Bounds != nil, "is of --targets, and none are named")
	}
	if o.Data == "" {
		return usagef("--targets and --conditions are columns of a table: --data is needed")
	}
	const atoms = "does not go with --targets and --conditions, any columns, which do not turn or move as atoms do"
	return cmp.Or(
		o.checkColumns(),
		needed("targets", joined(o.Targets), "the columns to infer from --conditions"),
		needed("conditions", joined(o.Conditions), "the columns to infer --targets from"),
		unasked("frame", o.Frame != string(explosion.FrameAsIs), atoms), unasked("axis", o.Axis != nil, atoms),
		unasked("max-momentum-sum", o.MaxMomentumSum != nil, atoms), unasked("min-ker", o.MinKER != nil, atoms), unasked("max-ker", o.MaxKER != nil, atoms),
		o.checkBounds(),
	)
}

func (o trainOptions) checkBounds() error {
	_, err := o.bounds()
	return err
}

// bounds returns the ends of the targets.
func (o trainOptions) bounds() (all []dataset.Bound, err error) {
	for _, text := range o.Bounds {
		b, err := dataset.ParseBound(text)
		if err != nil {
			return nil, usagef("--bounds: %w", err)
		}
		all = append(all, b)
	}
	return all, nil
}

func joined(columns []string) string { return strings.Join(columns, ", ") }

// checkDimension says what to do about a single target, which a cINN has nothing to couple with.
func (o trainOptions) checkDimension(d *dataset.Split) error {
	if c := d.Encoding; c.Plain() && o.Model == cinn.Kind && c.Positions.Dim() < 2 {
		return fmt.Errorf("of the targets %s, %d is independent, and a cINN couples two or more: give another target, or train --model cvae, which takes one",
			joined(c.PositionColumns), c.Positions.Dim())
	}
	return nil
}

// words are what the two sides of a run are called.
type words struct{ positions, momenta string }

func wordsOf(c dataset.Encoding) words {
	if c.Plain() {
		return words{"targets", "conditions"}
	}
	return words{"positions", "momenta"}
}

// truths says what a command wants of the positions, or targets, in a table.
type truths int

const (
	truthsUnseen truths = iota // nobody looks at them
	truthsIfThere
	truthsNeeded
)

// readFor reads a table for a run: that of its atoms, or of its targets and conditions, whose columns the run names. Where
// the table calls them otherwise, --targets and --conditions name them in the run's order.
func (o tableOptions) readFor(c dataset.Encoding, path string, want truths) (*dataset.Events, error) {
	if !c.Plain() {
		const why = "does not go with a run on the positions and momenta of atoms"
		if err := cmp.Or(unasked("targets", o.Targets != nil, why), unasked("conditions", o.Conditions != nil, why)); err != nil {
			return nil, err
		}
		return o.read(path, want == truthsNeeded)
	}
	targets, conditions := c.PositionColumns, c.MomentumColumns
	if len(o.Targets) > 0 && len(o.Targets) != len(targets) || len(o.Conditions) > 0 && len(o.Conditions) != len(conditions) {
		return nil, usagef("the run has %d targets (%s) and %d conditions (%s), but --targets names %d columns and --conditions %d",
			len(targets), joined(targets), len(conditions), joined(conditions), len(o.Targets), len(o.Conditions))
	}
	if len(o.Targets) == 0 {
		o.Targets = targets
	}
	if len(o.Conditions) == 0 {
		o.Conditions = conditions
	}
	if want == truthsUnseen {
		o.Targets = nil
	}
	events, err := o.read(path, want == truthsNeeded)
	if err != nil {
		return nil, err
	}
	if events.HasPositions() {
		events.PositionColumns = targets
	}
	events.MomentumColumns = conditions
	return events, nil
}
