package report

import (
	"context"
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

// posteriors are what is kept of the draws of all events that are looked at.
type posteriors struct {
	encoding    dataset.Encoding
	truth       dataset.Matrix // [N, D] in the frame; without rows for events without positions
	internals   *internals     // nil for runs that are not of atoms
	coordinates *coordinates
	byInternals series
	byFrame     series

	kept     []dataset.Matrix // draws [n, D] of the first events, from which examples are taken
	spreads  []float64        // how wide the posterior of each of these is
	valleys  []float64
	exploder *exploder // nil for none
	released []float64 // eV, of some draws of each event
	failed   int       // of these
}

// series are columns of events: what is true of them, and their posteriors' means and standard deviations.
type series struct {
	columns         []Column
	truth, mean, sd dataset.Matrix // [N, len(columns)]; truth without rows where it is not known
	draws           int            // that mean and sd are of; 0 where they are exact
}

const (
	mostKept      = 256
	drawsReleased = 5
)

// lookAt draws for each event.
func lookAt(ctx context.Context, v *posterior.Inverse, events *dataset.Events, o Options) (*posteriors, error) {
	p := &posteriors{encoding: v.Encoding()}
	if events.HasPositions() {
		var err error
		if p.truth, err = p.encoding.FramePositions(events); err != nil {
			return nil, err
		}
	}
	if err := p.choose(ctx, v, events); err != nil {
		return nil, err
	}
	if o.Recipe != nil {
		var err error
		if p.exploder, err = newExploder(p.encoding, *o.Recipe); err != nil {
			return nil, err
		}
	}
	defer v.AddMomentumNoise(o.MomentumNoise)()
	return p, v.Each(ctx, events, o.Draws, p.add)
}

// choose says which columns there are.
func (p *posteriors) choose(ctx context.Context, v *posterior.Inverse, events *dataset.Events) error {
	if len(p.encoding.Atoms) > 0 {
		geometries, err := p.someGeometries(ctx, v, events)
		if err != nil {
			return err
		}
		p.internals = newInternals(p.encoding, bondsOf(geometries))
		p.byInternals.columns = p.internals.columns
	}
	p.coordinates = newCoordinates(p.encoding, p.byInternals.columns)
	p.byFrame.columns = p.coordinates.columns
	return nil
}

// someGeometries returns Cartesian positions that tell which atoms are bonded.
func (p *posteriors) someGeometries(ctx context.Context, v *posterior.Inverse, events *dataset.Events) (dataset.Matrix, error) {
	frame := p.truth
	if frame.Rows == 0 {
		draws, err := v.Sample(ctx, events.SelectRows(firstRows(min(events.Len(), mostKept))), 1)
		if err != nil {
			return dataset.Matrix{}, err
		}
		frame = dataset.Matrix{Rows: draws.Events, Cols: draws.Coordinates, Data: draws.Data}
	}
	return p.encoding.CartesianPositions(frame)
}

func firstRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// add takes the draws [n, D] of the next event.
func (p *posteriors) add(event int, draws dataset.Matrix) error {
	own := draws.Rows
	table := p.withTruth(event, draws)
	columns := p.coordinates.of(table, own)
	p.byFrame.add(columns, own)
	if p.internals != nil {
		cartesian, err := p.encoding.CartesianPositions(table)
		if err != nil {
			return err
		}
		p.byInternals.add(p.internals.of(cartesian), own)
		p.explode(cartesian, min(own, drawsReleased))
	}
	if len(p.kept) < mostKept {
		p.keep(draws)
	}
	return nil
}

// withTruth returns the draws, and the truth as a last row where it is known.
func (p *posteriors) withTruth(event int, draws dataset.Matrix) dataset.Matrix {
	if p.truth.Rows == 0 {
		return draws
	}
	return dataset.Matrix{Rows: draws.Rows + 1, Cols: draws.Cols, Data: slices.Concat(draws.Data, p.truth.Row(event))}
}

func (p *posteriors) explode(cartesian dataset.Matrix, draws int) {
	if p.exploder == nil {
		return
	}
	for i := range draws {
		if energy, exploded := p.exploder.release(cartesian.Row(i)); exploded {
			p.released = append(p.released, energy)
		} else {
			p.failed++
		}
	}
}

// keep remembers draws, and what tells whether they make a good example.
func (p *posteriors) keep(draws dataset.Matrix) {
	draws.Data = slices.Clone(draws.Data)
	p.kept = append(p.kept, draws)
	independent := dataset.NewMatrix(draws.Rows, len(p.encoding.Positions.Kept))
	for i := range draws.Rows {
		for k, j := range p.encoding.Positions.Kept {
			independent.Row(i)[k] = draws.Row(i)[j]
		}
	}
	p.valleys = append(p.valleys, valley(independent))
	p.spreads = append(p.spreads, p.spread(independent))
}

// spread returns the root mean square of the columns' standard deviations, each relative to that of the training part.
func (p *posteriors) spread(draws dataset.Matrix) float64 {
	square := 0.0
	for k := range draws.Cols {
		_, sd := stat.MeanStdDev(columnOf(draws, k), nil)
		prior := 0.0
		for _, x := range p.encoding.Positions.Inverse.Row(k) {
			prior += x * x
		}
		square += sd * sd / prior
	}
	return math.Sqrt(square / float64(draws.Cols))
}

// add takes the values of one event's draws, and the truth as a row behind the own ones where it is known.
func (s *series) add(values dataset.Matrix, own int) {
	if len(s.columns) == 0 {
		return
	}
	draws := dataset.Matrix{Rows: own, Cols: values.Cols, Data: values.Data[:own*values.Cols]}
	s.draws = own
	for k := range s.columns {
		mean, sd := stat.MeanStdDev(columnOf(draws, k), nil)
		s.mean.Data, s.sd.Data = append(s.mean.Data, mean), append(s.sd.Data, sd)
	}
	s.mean.Rows, s.mean.Cols, s.sd.Rows, s.sd.Cols = s.mean.Rows+1, values.Cols, s.sd.Rows+1, values.Cols
	if values.Rows > own {
		s.truth.Rows, s.truth.Cols = s.truth.Rows+1, values.Cols
		s.truth.Data = append(s.truth.Data, values.Row(own)...)
	}
}

// spread returns the root mean square of a column's errors in units of the posteriors' standard deviations, which is 1
// for exact posteriors of any shape, and its standard error. Means and widths of few draws are off themselves, by which
// errors seem larger: that share is taken away as it is of normal posteriors, the mean square of Student's t.
func (s *series) spread(column int) (spread, standardError float64) {
	share := 1.0
	if n := float64(s.draws); n > 3 {
		share = (n - 3) / (n - 1) * n / (n + 1)
	}
	var squares []float64
	for i := range s.truth.Rows {
		z := (s.mean.Row(i)[column] - s.truth.Row(i)[column]) / s.sd.Row(i)[column]
		if !math.IsNaN(z) && !math.IsInf(z, 0) {
			squares = append(squares, share*z*z)
		}
	}
	mean, sd := stat.MeanStdDev(squares, nil)
	spread = math.Sqrt(mean)
	return spread, sd / math.Sqrt(float64(len(squares))) / (2 * spread)
}

func columnOf(m dataset.Matrix, j int) []float64 {
	column := make([]float64, m.Rows)
	for i := range column {
		column[i] = m.Row(i)[j]
	}
	return column
}

// errNoPositions is why truth is missing.
var errNoPositions = errors.New("the events have momenta only, so that no truth is known")
