package main

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/posterior/retrieval"
)

// drawnStarts draws for some events at a time, which is faster than for one, and weighs the draws on the simulator.
type drawnStarts struct {
	inverse   *posterior.Inverse
	retriever *retrieval.Retriever
	events    *dataset.Events
	momenta   dataset.Matrix // as the retriever takes them
	perEvent  int
	seed      uint64
	first     int // event of the first of draws
	draws     []dataset.Matrix
	densities []float64 // of all draws
	waiting   map[int]weighedDraws
}

// weighedDraws are the draws [k, 3N] for an event, in Bohr.
type weighedDraws struct {
	retrieval.Weights
	draws dataset.Matrix
}

// of returns the draws [k, 3N] for an event, in Bohr. Events come in order.
func (d *drawnStarts) of(ctx context.Context, event int) (dataset.Matrix, error) {
	if event >= d.first+len(d.draws) {
		if err := d.draw(ctx, event); err != nil {
			return dataset.Matrix{}, err
		}
	}
	draws := d.draws[event-d.first]
	if !d.weighs() {
		return draws, nil
	}
	weights, err := d.weigh(event, draws)
	d.waiting[event] = weighedDraws{weights, draws}
	return draws, err
}

// draw draws for the events of a block, which lies in the table where it always does, so that an event has the same draws
// in each part of the table.
func (d *drawnStarts) draw(ctx context.Context, event int) error {
	const atOnce = 256
	d.first, d.draws = event/atOnce*atOnce, d.draws[:0]
	var rows []int
	for i := d.first; i < min(d.first+atOnce, d.events.Len()); i++ {
		rows = append(rows, i)
	}
	events := d.events.SelectRows(rows)
	encoding := d.inverse.Encoding()
	all := dataset.Matrix{Cols: len(encoding.PositionColumns)}
	err := d.inverse.Each(ctx, events, d.perEvent, func(_ int, draws dataset.Matrix) error {
		all.Rows, all.Data = all.Rows+draws.Rows, append(all.Data, draws.Data...)
		positions, err := encoding.CartesianPositions(draws)
		inBohr := dataset.NewMatrix(positions.Rows, positions.Cols)
		for i, x := range positions.Data {
			inBohr.Data[i] = x * encoding.PositionUnit.Bohr
		}
		d.draws = append(d.draws, inBohr)
		return err
	})
	if err == nil && d.weighs() {
		d.densities, err = d.inverse.DrawDensities(events, all)
	}
	return err
}

func (d *drawnStarts) weighs() bool { return d.weighable() == nil }

// weighable says why draws cannot be weighed, as in frames whose columns are not functions of the shape.
func (d *drawnStarts) weighable() error { return d.retriever.CheckColumns(d.inverse.Encoding()) }

// weigh compares likelihood times prior with the model's density. Draws that are no geometry have no weight.
func (d *drawnStarts) weigh(event int, draws dataset.Matrix) (retrieval.Weights, error) {
	ratios := make([]float64, draws.Rows)
	random := rand.New(rand.NewPCG(d.seed, uint64(event)+1)) // the event's own
	for k := range ratios {
		ratios[k] = math.Inf(-1)
		jacobian, err := d.retriever.LogJacobian(d.inverse.Encoding(), draws.Row(k))
		if err != nil {
			continue
		}
		if prior := d.retriever.PriorDensityAt(draws.Row(k), random); prior > 0 {
			ratios[k] = math.Log(prior) - d.densities[(event-d.first)*d.perEvent+k] - jacobian
		}
	}
	return d.retriever.Weigh(d.momenta.Row(event), draws, ratios)
}

// take returns the weighed draws of an event, once.
func (d *drawnStarts) take(event int) weighedDraws {
	defer delete(d.waiting, event)
	return d.waiting[event]
}
