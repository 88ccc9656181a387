package dataset

import (
	"fmt"
	"math"
	"slices"
)

// Selection says which events to keep before inversion. A nil field asks for
// nothing. Criteria apply in the order of the fields; NaN meets none.
type Selection struct {
	MaxMomentumSumAU *float64 // largest |Σp|, in atomic units
	KERMinEV         *float64 // smallest kinetic energy release Σ p²/2m
	KERMaxEV         *float64
	// Domain keeps the events whose momenta its frame can turn and its training
	// part covers (see Encoding.OutsideDomain).
	Domain *Encoding
}

// The criteria that a SelectionReport names, in the order in which they apply.
const (
	CriterionMomentumSum    = "momentum-sum"
	CriterionKERMin         = "kinetic-energy-release-min"
	CriterionKERMax         = "kinetic-energy-release-max"
	CriterionFrame          = "frame"
	CriterionTrainingDomain = "training-domain"
)

// Selected is what a selection keeps of a table.
type Selected struct {
	Events *Events
	Rows   []int // indices of the kept events in the table, ascending
	Report SelectionReport
}

// SelectionReport counts what each criterion rejected. A row that fails several
// counts for the first.
type SelectionReport struct {
	Events   int              `json:"events"`
	Criteria []CriterionCount `json:"criteria"` // in the order in which they applied
	Kept     int              `json:"kept"`
}

// Plus returns the counts of two parts of a table together, of the same criteria.
func (r SelectionReport) Plus(part SelectionReport) SelectionReport {
	if r.Criteria == nil {
		return part
	}
	sum := SelectionReport{Events: r.Events + part.Events, Criteria: slices.Clone(r.Criteria), Kept: r.Kept + part.Kept}
	for i, c := range part.Criteria {
		sum.Criteria[i].Rejected += c.Rejected
		sum.Criteria[i].Remaining += c.Remaining
	}
	return sum
}

// CriterionCount is one criterion's line.
type CriterionCount struct {
	Criterion string   `json:"criterion"`
	Threshold *float64 `json:"threshold,omitempty"` // in Unit
	Unit      string   `json:"unit,omitempty"`
	Rejected  int      `json:"rejected"`
	Remaining int      `json:"remaining"`
}

// Apply returns the events that meet every criterion. Thresholds that are not
// finite, an empty window of energies, atoms without a mass where energies are
// asked for, and a domain of another molecule are errors; that nothing is kept
// is not.
func (s Selection) Apply(e *Events) (Selected, error) {
	if err := e.check(); err != nil {
		return Selected{}, err
	}
	if err := s.check(); err != nil {
		return Selected{}, fmt.Errorf("dataset: select events: %w", err)
	}
	rows := make([]int, e.Len())
	for i := range rows {
		rows[i] = i
	}
	criteria, err := s.criteria(e)
	if err != nil {
		return Selected{}, fmt.Errorf("dataset: select events: %w", err)
	}
	report := SelectionReport{Events: e.Len(), Criteria: []CriterionCount{}}
	for _, c := range criteria {
		before := len(rows)
		rows = c.filter(rows)
		report.Criteria = append(report.Criteria, CriterionCount{
			Criterion: c.name, Threshold: c.threshold, Unit: c.unit,
			Rejected: before - len(rows), Remaining: len(rows),
		})
	}
	report.Kept = len(rows)
	return Selected{Events: e.SelectRows(rows), Rows: rows, Report: report}, nil
}

func (s Selection) check() error {
	for _, c := range []struct {
		name      string
		threshold *float64
	}{{CriterionMomentumSum, s.MaxMomentumSumAU}, {CriterionKERMin, s.KERMinEV}, {CriterionKERMax, s.KERMaxEV}} {
		if c.threshold != nil && (math.IsNaN(*c.threshold) || math.IsInf(*c.threshold, 0)) {
			return fmt.Errorf("%s of %g: want a finite number", c.name, *c.threshold)
		}
	}
	if s.KERMinEV != nil && s.KERMaxEV != nil && *s.KERMinEV > *s.KERMaxEV {
		return fmt.Errorf("kinetic energy release from %g to %g eV: want the smaller first", *s.KERMinEV, *s.KERMaxEV)
	}
	return nil
}
