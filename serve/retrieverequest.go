package serve

import (
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/internal/excerpt"
)

// retrieveRequest asks in the field's own terms.
type retrieveRequest struct {
	Model string `json:"model"` // may be left out where there is one
	// Momenta are columns, as "px_C": 12.3 or [12.3, …], or atoms, as "C": [px, py, pz] or [[px, py, pz], …].
	Momenta      map[string]*numbers `json:"momenta"`
	MomentumUnit string              `json:"momentum_unit"` // the run's where it is empty
	PositionUnit string              `json:"position_unit"` // of the answer; the run's where it is empty
	Samples      *int                `json:"samples"`
	Seed         *uint64             `json:"seed"`
	Return       []string            `json:"return"` // summary, draws; the former where it is empty
}

const (
	returnSummary = "summary"
	returnDraws   = "draws"
)

func (q *retrieveRequest) returns(what string) bool {
	return slices.Contains(q.Return, what) || len(q.Return) == 0 && what == returnSummary
}

func (q *retrieveRequest) checkReturn() error {
	for _, what := range q.Return {
		if what != returnSummary && what != returnDraws {
			return failf(http.StatusBadRequest, "return names %s: want %s, %s or both", excerpt.Of(what), returnSummary, returnDraws)
		}
	}
	return nil
}

// events returns the momenta as events of the model's atoms, or of its conditions.
func (q *retrieveRequest) events(m *served) (*dataset.Events, error) {
	if len(q.Momenta) == 0 {
		return nil, failf(http.StatusBadRequest, "there are no momenta: want columns, as px_C, or atoms, as C")
	}
	unit := m.encoding.MomentumUnit
	if q.MomentumUnit != "" {
		if m.encoding.Plain() {
			return nil, failf(http.StatusBadRequest, "the model's columns have no units: leave momentum_unit out")
		}
		var err error
		if unit, err = explosion.ParseMomentumUnit(q.MomentumUnit); err != nil {
			return nil, badRequest(err)
		}
	}
	rows, err := q.rows(m.encoding)
	if err != nil {
		return nil, badRequest(fmt.Errorf("momenta: %w", err))
	}
	events, err := m.eventsIn(rows, unit)
	if err != nil {
		return nil, badRequest(err)
	}
	return events, nil
}

// rows returns the momenta [events, C] in the order of the model's columns.
func (q *retrieveRequest) rows(c dataset.Encoding) (dataset.Matrix, error) {
	names := make([]string, 0, len(q.Momenta))
	for name, values := range q.Momenta {
		if values == nil || len(values.values) == 0 {
			return dataset.Matrix{}, fmt.Errorf("%s: %w", excerpt.Of(name), errNumbers)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	if labels, err := dataset.Labels(names); err == nil && !c.Plain() && slices.Equal(slices.Sorted(slices.Values(labels)), slices.Sorted(slices.Values(c.Atoms))) {
		return q.rowsByAtom(c, names, labels)
	}
	return q.rowsByColumn(c, names)
}

func (q *retrieveRequest) rowsByAtom(c dataset.Encoding, names, labels []string) (rows dataset.Matrix, err error) {
	for i, name := range names {
		vectors := q.Momenta[name]
		events := len(vectors.values) / 3
		if vectors.depth == 1 && events != 1 {
			return rows, fmt.Errorf("%s: %d numbers: want px, py and pz, or an array of such arrays", excerpt.Of(name), len(vectors.values))
		}
		if err := vectors.fill(events, 3); err != nil {
			return rows, fmt.Errorf("%s: %w", excerpt.Of(name), err)
		}
		if rows, err = roomFor(rows, events, 3*len(names), name); err != nil {
			return rows, err
		}
		at := 3 * slices.Index(c.Atoms, labels[i])
		for event := range events {
			copy(rows.Row(event)[at:at+3], vectors.values[3*event:])
		}
	}
	return rows, nil
}

func (q *retrieveRequest) rowsByColumn(c dataset.Encoding, names []string) (rows dataset.Matrix, err error) {
	layout := dataset.Layout{Atoms: c.Atoms}
	if c.Plain() {
		layout = dataset.Layout{Conditions: c.MomentumColumns}
	}
	found, err := layout.Find(names, true)
	if err != nil {
		return rows, err
	}
	if len(found.Momenta) != len(names) {
		return rows, fmt.Errorf("%d columns: want just %s", len(names), excerpt.List(c.MomentumColumns))
	}
	for j, at := range found.Momenta {
		column := q.Momenta[names[at]]
		if column.depth == 2 {
			return rows, fmt.Errorf("%s: want a number, or an array of numbers", excerpt.Of(names[at]))
		}
		if rows, err = roomFor(rows, len(column.values), len(names), names[at]); err != nil {
			return rows, err
		}
		for event, p := range column.values {
			rows.Row(event)[j] = p
		}
	}
	return rows, nil
}

// roomFor returns the matrix, a new one for the first column; others must be as long.
func roomFor(rows dataset.Matrix, events, columns int, name string) (dataset.Matrix, error) {
	if rows.Data == nil {
		return dataset.NewMatrix(events, columns), nil
	}
	if events != rows.Rows {
		return rows, fmt.Errorf("%s has %d events, others have %d", excerpt.Of(name), events, rows.Rows)
	}
	return rows, nil
}

// scale returns the factor and the unit that positions of the run are answered in.
func (q *retrieveRequest) scale(c dataset.Encoding) (float64, string, error) {
	if q.PositionUnit == "" {
		return 1, c.PositionUnit.Name, nil
	}
	if c.Plain() {
		return 0, "", failf(http.StatusBadRequest, "the model's columns have no units: leave position_unit out")
	}
	unit, err := explosion.ParseLengthUnit(q.PositionUnit)
	if err != nil {
		return 0, "", badRequest(err)
	}
	factor := c.PositionUnit.OrBohr().Bohr / unit.Bohr
	if math.Abs(factor-1) < 1e-15 {
		factor = 1
	}
	return factor, unit.Name, nil
}
