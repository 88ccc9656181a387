package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
)

// example is one event whose posterior is shown.
type example struct {
	Name, Title, Why string
	Event            int
	draws, truth     dataset.Matrix // in the frame; truth [1, D], or without rows
}

// clearValley is the depth below which two modes are believed.
const clearValley = 0.25

// examples chooses a typical event, a wide one and, if there is one, one with two modes, among those that were kept.
func (p *posteriors) examples() (chosen []example) {
	order := make([]int, len(p.kept))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareFloats(p.spreads[a], p.spreads[b]) })
	typical := order[len(order)/2]
	chosen = append(chosen, p.example("typical", "Typical event", "of median width among the first events", typical))
	if wide := order[int(math.Round(0.95*float64(len(order)-1)))]; wide != typical {
		chosen = append(chosen, p.example("wide", "Wide event", "wider than 95 % of the first events", wide))
	}
	deepest := 0
	for i, v := range p.valleys {
		if v < p.valleys[deepest] {
			deepest = i
		}
	}
	if p.valleys[deepest] < clearValley && !slices.ContainsFunc(chosen, func(e example) bool { return e.Event == deepest }) {
		chosen = append(chosen, p.example("two_modes", "Event with two modes", "whose draws part most clearly into two groups", deepest))
	}
	return chosen
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (p *posteriors) example(name, title, why string, event int) example {
	e := example{Name: name, Title: title, Why: why, Event: event, draws: p.kept[event]}
	if p.truth.Rows > 0 {
		e.truth = dataset.Matrix{Rows: 1, Cols: p.truth.Cols, Data: p.truth.Row(event)}
	}
	return e
}

// values returns an example's draws [n, columns] and truth in the columns that corner plots and tables have: the
// molecule's internals, or the frame's coordinates where there are none.
func (p *posteriors) values(e example) (columns []Column, draws dataset.Matrix, truth []float64, err error) {
	own := e.draws.Rows
	table := p.withTruth(e.Event, e.draws)
	columns = p.byFrame.columns
	values := p.coordinates.of(table, own)
	if p.internals != nil && len(p.internals.columns) > 0 {
		cartesian, err := p.encoding.CartesianPositions(table)
		if err != nil {
			return nil, draws, nil, err
		}
		columns, values = p.internals.columns, p.internals.of(cartesian)
	}
	if values.Rows > own {
		truth = values.Row(own)
	}
	return columns, dataset.Matrix{Rows: own, Cols: values.Cols, Data: values.Data[:own*values.Cols]}, truth, nil
}

// few returns the columns of an example that a corner plot has room for.
func (p *posteriors) few(columns []Column) []int {
	if p.internals != nil && len(p.internals.columns) > 0 {
		return p.internals.fewest(mostInCorner)
	}
	return firstRows(min(len(columns), mostInCorner))
}

const mostInCorner = 5

func selectColumns(m dataset.Matrix, columns []int) dataset.Matrix {
	out := dataset.NewMatrix(m.Rows, len(columns))
	for i := range m.Rows {
		for k, j := range columns {
			out.Row(i)[k] = m.Row(i)[j]
		}
	}
	return out
}

// summary is a column of draws in numbers.
type summary struct{ mean, sd, q16, q84 float64 }

func summarize(draws []float64) (s summary) {
	sorted := slices.Sorted(slices.Values(draws))
	s.mean, s.sd = stat.MeanStdDev(sorted, nil)
	s.q16, s.q84 = stat.Quantile(0.16, stat.LinInterp, sorted, nil), stat.Quantile(0.84, stat.LinInterp, sorted, nil)
	return s
}
