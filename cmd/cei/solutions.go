package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/retrieval"
)

// solutionsKey is the key of the metadata under which a table of solutions says what its columns do not.
const solutionsKey = "cei.solutions"

// solutionWriter writes solutions in the table's unit of length.
type solutionWriter struct {
	retriever *retrieval.Retriever
	rows      []int // of the events in their table
	unit      explosion.LengthUnit
	part      *part        // nil for all events
	json      bool         // to standard output
	drawn     *drawnStarts // nil without a run

	counts    [3]int // events with no solution, one, and more
	residuals []float64
	effective []float64 // sizes of the run's draws for each event
}

// weighs reports whether there are draws that can be weighed.
func (w *solutionWriter) weighs() bool { return w.drawn != nil && w.drawn.weighs() }

func (w *solutionWriter) columns() []string {
	columns := []string{"event", "solution", "weight", "residual", "chi_square"}
	if w.weighs() {
		columns = append(columns, "draw_weight", "effective_draws")
	}
	internal := w.retriever.Columns()
	columns = append(columns, internal...)
	for _, name := range internal {
		columns = append(columns, "sd_"+name)
	}
	positions, _ := dataset.ColumnNames(w.retriever.Atoms())
	return append(columns, positions...)
}

func (w *solutionWriter) create(path string, s streams) (rowWriter, error) {
	if path == "" && w.json {
		return newJSONLines(s.out, w.columns())
	}
	if path == "" {
		return newPrinter(s.out, w.columns())
	}
	text, err := json.Marshal(struct {
		Atoms        []string             `json:"atoms"`
		PositionUnit explosion.LengthUnit `json:"position_unit"`
		Frame        explosion.Frame      `json:"frame"`
	}{w.retriever.Atoms(), w.unit, w.retriever.Frame()})
	if err != nil {
		return nil, fmt.Errorf("describe solutions: %w", err)
	}
	about, err := w.part.mark(table.Metadata{solutionsKey: string(text)})
	if err != nil {
		return nil, err
	}
	return table.Create(path, w.columns(), about)
}

func (w *solutionWriter) write(ctx context.Context, path string, momenta dataset.Matrix, s streams) error {
	var starts func(int) (dataset.Matrix, error)
	if w.drawn != nil {
		starts = func(event int) (dataset.Matrix, error) { return w.drawn.of(ctx, event) }
	}
	to, err := w.create(path, s)
	if err != nil {
		return err
	}
	defer to.Close()
	first, end := w.part.between(momenta.Rows)
	err = w.retriever.EachBetween(ctx, momenta, first, end, starts, func(event int, solutions []retrieval.Solution) error {
		return w.writeEvent(to, event, solutions)
	})
	if err != nil {
		return err
	}
	if err := to.Commit(); err != nil {
		return err
	}
	w.summarise(s)
	return nil
}

func (w *solutionWriter) writeEvent(to rowWriter, event int, solutions []retrieval.Solution) error {
	w.counts[min(len(solutions), 2)]++
	var shares []float64
	effective := 0.0
	if w.weighs() {
		weighed := w.drawn.take(event)
		effective, shares = weighed.EffectiveSize, w.retriever.Shares(weighed.Weights, weighed.draws, solutions)
		w.effective = append(w.effective, effective)
	}
	for k := range solutions {
		w.residuals = append(w.residuals, solutions[k].Residual)
		row := w.row(event, k, &solutions[k])
		if shares != nil {
			row = slices.Insert(row, 5, shares[k], effective)
		}
		if err := to.WriteRow(row); err != nil {
			return err
		}
	}
	return nil
}

func (w *solutionWriter) row(event, k int, x *retrieval.Solution) []float64 {
	row := []float64{float64(w.rows[event]), float64(k), x.Weight, x.Residual, x.ChiSquare}
	lengths := w.retriever.Frame().ZMatrix.Lengths()
	for _, values := range [][]float64{x.Internal, x.Deviations} {
		for i, value := range values {
			if i < lengths {
				value /= w.unit.Bohr
			}
			row = append(row, value)
		}
	}
	for _, value := range x.Positions {
		row = append(row, value/w.unit.Bohr)
	}
	return row
}

func (w *solutionWriter) summarise(s streams) {
	s.note("%s: %d without a solution, %d with one, %d with several; lengths in %s, angles in radians",
		w.part.describe(w.counts[0]+w.counts[1]+w.counts[2]), w.counts[0], w.counts[1], w.counts[2], w.unit.Name)
	if len(w.residuals) > 0 {
		slices.Sort(w.residuals)
		s.note("median residual |Δp|/|p| of %d solutions: %.2g", len(w.residuals), w.residuals[len(w.residuals)/2])
	}
	if w.drawn != nil && !w.weighs() {
		s.note("the run's draws were started from, but not weighed: %v", w.drawn.weighable())
	}
	if len(w.effective) > 0 {
		slices.Sort(w.effective)
		s.note("median effective number of the %d draws an event, weighed on the simulator: %.3g", w.drawn.perEvent, w.effective[len(w.effective)/2])
	}
}
