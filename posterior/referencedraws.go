package posterior

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior/calibration"
)

// References are draws of the true posteriors of some observations, in the run's frame and the units that
// Encoding.PositionUnits names.
type References struct {
	Observations []int // the rows of the events that they are of, counted from 0, ascending
	Draws        []dataset.Matrix
}

// NewReferences sorts draws [n, D] by their observations, which are rows of a table of that many events, counted from 1.
func NewReferences(observations []float64, draws dataset.Matrix, events int) (*References, error) {
	if draws.Rows != len(observations) || draws.Rows == 0 {
		return nil, fmt.Errorf("posterior: sort reference draws: %d draws of %d observations: want as many, and some", draws.Rows, len(observations))
	}
	rows := map[int][]int{}
	for i, observation := range observations {
		event := int(observation) - 1
		if observation != float64(event+1) || event < 0 || event >= events {
			return nil, fmt.Errorf("posterior: sort reference draws: row %d is of observation %g: want a row of the %d events, counted from 1", i+1, observation, events)
		}
		rows[event] = append(rows[event], i)
	}
	r := &References{}
	for event := range events {
		if of := rows[event]; of != nil {
			r.Observations, r.Draws = append(r.Observations, event), append(r.Draws, draws.SelectRows(of))
		}
	}
	return r, nil
}

// C2ST is the classifier two-sample test of posteriors against references: 0.5 where they are alike, 1 where they have
// nothing in common (see calibration.C2ST).
type C2ST struct {
	Estimate               // over the observations
	Observations []int     `json:"observations"` // rows of the table of events, counted from 1
	Draws        []int     `json:"draws"`        // of each observation's reference, and as many of its posterior
	Each         []float64 `json:"per_observation"`
}

// C2ST compares posterior draws for the events' momenta with references, as many as these have, in the independent
// columns. Positions that the events may carry are not looked at.
func (v *Inverse) C2ST(ctx context.Context, events *dataset.Events, references *References) (*C2ST, error) {
	most := 0
	for i, draws := range references.Draws {
		if want := len(v.run.Encoding.PositionColumns); draws.Cols != want {
			return nil, fmt.Errorf("posterior: compare with references: observation %d has %d columns: want %d", references.Observations[i]+1, draws.Cols, want)
		}
		most = max(most, draws.Rows)
	}
	if last := slices.Max(append(references.Observations, -1)); last < 0 || last >= events.Len() {
		return nil, fmt.Errorf("posterior: compare with references: they are of %d observations up to event %d: want some of the %d events", len(references.Observations), last+1, events.Len())
	}
	posteriors := make([]dataset.Matrix, 0, len(references.Draws))
	err := v.Each(ctx, events.SelectRows(references.Observations), most, func(i int, draws dataset.Matrix) error {
		posteriors = append(posteriors, v.independent(rowRange(draws, 0, references.Draws[i].Rows)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v.compare(ctx, references, posteriors)
}

// independent returns the independent columns of positions.
func (v *Inverse) independent(positions dataset.Matrix) dataset.Matrix {
	kept := v.run.Encoding.Positions.Kept
	out := dataset.NewMatrix(positions.Rows, len(kept))
	for i := range positions.Rows {
		for k, j := range kept {
			out.Row(i)[k] = positions.Row(i)[j]
		}
	}
	return out
}

// compare compares several observations at once: a classifier works on one core.
func (v *Inverse) compare(ctx context.Context, references *References, posteriors []dataset.Matrix) (*C2ST, error) {
	c := &C2ST{Each: make([]float64, len(posteriors))}
	failures := make([]error, len(posteriors))
	var workers sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, draws := range posteriors {
		free <- struct{}{}
		if failures[i] = ctx.Err(); failures[i] != nil {
			break
		}
		workers.Add(1)
		go func() {
			defer func() { <-free; workers.Done() }()
			found, err := calibration.C2ST(ctx, v.independent(references.Draws[i]), draws, calibration.C2STOptions{Seed: v.seed})
			c.Each[i], failures[i] = found.Value(), err
		}()
	}
	workers.Wait()
	if err := errors.Join(failures...); err != nil {
		return nil, fmt.Errorf("posterior: compare with references: %w", err)
	}
	var moments calibration.Moments
	for i, observation := range references.Observations {
		c.Observations, c.Draws = append(c.Observations, observation+1), append(c.Draws, posteriors[i].Rows)
		moments.Add(c.Each[i])
	}
	c.Estimate = estimate(&moments)
	return c, nil
}
