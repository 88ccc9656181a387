package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// tableOptions say how to read a table of events.
type tableOptions struct {
	NoHeader     bool     `json:"no_header,omitempty"`
	Atoms        []string `json:"atoms,omitempty"`
	Positions    []string `json:"positions,omitempty"`
	Momenta      []string `json:"momenta,omitempty"`
	PositionUnit string   `json:"position_unit,omitempty"`
	MomentumUnit string   `json:"momentum_unit,omitempty"`
	Targets      []string `json:"targets,omitempty"` // and Conditions: see columnSettings
	Conditions   []string `json:"conditions,omitempty"`
}

func tableSettings(o *tableOptions) []setting {
	return category("How to read the table:", []setting{
		yes(&o.NoHeader, "no-header", "the first line is an event: 3N columns of momenta, or 3N of positions and then 3N of momenta; with --targets, any columns"),
		texts(&o.Atoms, "atoms", "`ATOMS` in the order of the columns, as C,O,S; needed with --no-header, but for --targets", ""),
		texts(&o.Positions, "positions", "`COLUMNS` of the positions, atom by atom, x y z: names, or numbers from 1 with --no-header", ""),
		texts(&o.Momenta, "momenta", "`COLUMNS` of the momenta, likewise", ""),
		text(&o.PositionUnit, "position-unit", "`UNIT` of the positions: bohr, angstrom or m", "what the table says, or bohr"),
		text(&o.MomentumUnit, "momentum-unit", "`UNIT` of the momenta: au or kg_m_s, with a factor if need be, as 1e-22*kg_m_s", "what the table says, or au"),
	})
}

// layout returns the options as dataset takes them. Units that are not given are left open.
func (o tableOptions) layout(needPositions bool) (dataset.Layout, error) {
	l := dataset.Layout{
		NoHeader: o.NoHeader, Atoms: o.Atoms, Positions: o.Positions, Momenta: o.Momenta,
		Targets: o.Targets, Conditions: o.Conditions, NeedPositions: needPositions,
	}
	err := o.checkColumns()
	if err != nil {
		return l, err
	}
	if l.PositionUnit, err = unitOr(o.PositionUnit, explosion.LengthUnit{}, explosion.ParseLengthUnit); err != nil {
		return l, usagef("--position-unit: %w", err)
	}
	if l.MomentumUnit, err = unitOr(o.MomentumUnit, explosion.MomentumUnit{}, explosion.ParseMomentumUnit); err != nil {
		return l, usagef("--momentum-unit: %w", err)
	}
	if o.NoHeader && len(o.Atoms) == 0 && !o.plain() {
		return l, usagef("--no-header needs --atoms, as in --atoms C,O,S")
	}
	return l, nil
}

func unitOr[U any](name string, otherwise U, parse func(string) (U, error)) (U, error) {
	if name == "" {
		return otherwise, nil
	}
	return parse(name)
}

// read returns the events of a table.
func (o tableOptions) read(path string, needPositions bool) (*dataset.Events, error) {
	return o.readUntil(context.Background(), path, needPositions)
}

// readUntil is read until ctx is done.
func (o tableOptions) readUntil(ctx context.Context, path string, needPositions bool) (*dataset.Events, error) {
	r, err := o.open(path, needPositions)
	if err != nil {
		return nil, err
	}
	events, err := r.ReadAllContext(ctx)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

// open opens a table of events.
func (o tableOptions) open(path string, needPositions bool) (*table.EventReader, error) {
	l, err := o.layout(needPositions)
	if err != nil {
		return nil, err
	}
	r, err := table.OpenEvents(path, l, table.Options{})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return r, nil
}

// readSelected returns the events of a table with positions that meet the criteria, and tells how many each criterion took
// out. Those that do not are never in memory.
func (o tableOptions) readSelected(ctx context.Context, path string, criteria selectionOptions, s streams) (*dataset.Events, error) {
	if !criteria.asked() {
		return o.readUntil(ctx, path, true)
	}
	r, err := o.open(path, true)
	if err != nil {
		return nil, err
	}
	events, report, err := dataset.ReadSelected(ctx, r, criteria.selection(nil))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, tellSelection(s, report)
}
