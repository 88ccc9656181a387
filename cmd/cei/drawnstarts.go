package main

import (
	"context"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

// drawnStarts draws for some events at a time, which is faster than for one.
type drawnStarts struct {
	inverse  *posterior.Inverse
	events   *dataset.Events
	perEvent int
	first    int // event of the first of draws
	draws    []dataset.Matrix
}

// of returns the draws [k, 3N] for an event, in Bohr. Events come in order.
func (d *drawnStarts) of(ctx context.Context, event int) (dataset.Matrix, error) {
	const atOnce = 256
	if event < d.first+len(d.draws) {
		return d.draws[event-d.first], nil
	}
	var rows []int
	for i := event; i < min(event+atOnce, d.events.Len()); i++ {
		rows = append(rows, i)
	}
	d.first, d.draws = event, d.draws[:0]
	encoding := d.inverse.Encoding()
	err := d.inverse.Each(ctx, d.events.SelectRows(rows), d.perEvent, func(_ int, draws dataset.Matrix) error {
		positions, err := encoding.CartesianPositions(draws)
		inBohr := dataset.NewMatrix(positions.Rows, positions.Cols)
		for i, x := range positions.Data {
			inBohr.Data[i] = x * encoding.PositionUnit.Bohr
		}
		d.draws = append(d.draws, inBohr)
		return err
	})
	if err != nil {
		return dataset.Matrix{}, err
	}
	return d.draws[0], nil
}
