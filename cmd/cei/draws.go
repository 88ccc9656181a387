package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

// The coordinates that draws are written in.
const (
	coordinatesFrame      = "frame"
	coordinatesCartesian  = "cartesian"
	coordinatesLaboratory = "laboratory"
)

// draws are posterior draws that are to be made and written.
type draws struct {
	inverse     *posterior.Inverse
	events      *dataset.Events
	rows        []int // of the events in their table
	part        *part // nil for all of them
	coordinates string
	columns     []string
	turn        func(event int, draws dataset.Matrix) (dataset.Matrix, error) // into the coordinates
}

func newDraws(v *posterior.Inverse, events *dataset.Events, rows []int, coordinates string) (*draws, error) {
	c := v.Encoding()
	if c.Plain() && coordinates == coordinatesCartesian {
		return nil, usagef("the run is of targets and conditions: --coordinates %s is for atoms", coordinates)
	}
	d := &draws{inverse: v, events: events, rows: rows, coordinates: cmp.Or(coordinates, coordinatesFrame)}
	switch d.coordinates {
	case coordinatesCartesian:
		d.columns = c.CartesianColumns()
		d.turn = func(_ int, draws dataset.Matrix) (dataset.Matrix, error) { return c.CartesianPositions(draws) }
	case coordinatesLaboratory:
		l, err := v.Laboratory(events)
		if err != nil {
			return nil, err
		}
		d.columns, d.turn = l.Columns, l.Restore
	default:
		d.columns = c.PositionColumns
		d.turn = func(_ int, draws dataset.Matrix) (dataset.Matrix, error) { return draws, nil }
	}
	return d, nil
}

// describe says in a few words what the numbers are.
func (d *draws) describe() string {
	c := d.inverse.Encoding()
	kind, unit := c.Frame.Kind, c.PositionUnit.Name
	switch d.coordinates {
	case coordinatesLaboratory:
		return "laboratory axes, lengths in " + unit
	case coordinatesCartesian:
		return fmt.Sprintf("Cartesian axes of frame %s, lengths in %s", kind, unit)
	}
	return coordinatesOf(c)
}

// coordinatesOf says in a few words what a run's positions are.
func coordinatesOf(c dataset.Encoding) string {
	if c.Plain() {
		return "targets in the units of their table"
	}
	return fmt.Sprintf("frame %s, %s", c.Frame.Kind, unitsOf(c.Frame.Kind, c.PositionUnit.Name))
}

// unitsOf says what the coordinates of a frame are measured in.
func unitsOf(kind explosion.FrameKind, length string) string {
	if kind == explosion.FrameInternal {
		return fmt.Sprintf("lengths in %s, angles in radian", length)
	}
	return "lengths in " + length
}

// rowWriter is a table that is being written.
type rowWriter interface {
	WriteRow(pieces ...[]float64) error
	Commit() error
	Close() error
}

// drawsKey is the key of the metadata under which a table of draws says what its columns do not.
const drawsKey = "cei.draws"

// create starts the table of draws, on standard output where path is empty.
func (d *draws) create(path string, s streams) (rowWriter, error) {
	columns := append([]string{"event", "draw"}, d.columns...)
	if path == "" {
		return newPrinter(s.out, columns)
	}
	c := d.inverse.Encoding()
	text, err := json.Marshal(struct {
		Atoms        []string             `json:"atoms,omitempty"`
		Coordinates  string               `json:"coordinates"`
		PositionUnit explosion.LengthUnit `json:"position_unit,omitzero"`
		Frame        explosion.Frame      `json:"frame"`
	}{c.Atoms, d.coordinates, c.PositionUnit, c.Frame})
	if err != nil {
		return nil, fmt.Errorf("describe draws: %w", err)
	}
	about, err := d.part.mark(table.Metadata{drawsKey: string(text)})
	if err != nil {
		return nil, err
	}
	return table.Create(path, columns, about)
}

// write makes the draws and writes them at once.
func (d *draws) write(ctx context.Context, path string, perEvent int, s streams) error {
	to, err := d.create(path, s)
	if err != nil {
		return err
	}
	defer to.Close()
	first, end := d.part.between(d.events.Len())
	err = d.inverse.EachBetween(ctx, d.events, first, end, perEvent, func(event int, draws dataset.Matrix) error {
		draws, err := d.turn(event, draws)
		for i := 0; i < draws.Rows && err == nil; i++ {
			err = to.WriteRow([]float64{float64(d.rows[event]), float64(i)}, draws.Row(i))
		}
		return err
	})
	warnRedrawn(s, d.inverse.Redrawn())
	if err != nil {
		return err
	}
	return to.Commit()
}
