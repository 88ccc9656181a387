package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// convertEvents writes events with the house's columns, and returns their number.
func (o convertOptions) convertEvents(ctx context.Context, from, to string, s streams) (rows int, err error) {
	l, err := o.layout(false)
	if err != nil {
		return 0, err
	}
	r, err := table.OpenEvents(from, l, table.Options{Extra: true})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	header := r.Header()
	if err := o.units(&header); err != nil {
		return 0, err
	}
	if n := header.IgnoredColumns; n > 0 {
		s.note("left out, since they do not hold numbers: %d columns", n)
	}
	w, err := table.CreateEvents(to, &header, r.Metadata())
	if err != nil {
		return 0, err
	}
	defer w.Close()
	report, err := o.copyEvents(ctx, r, w, header)
	if err == nil {
		err = printSelection(s.err, report)
	}
	if err == nil && report.Events > 0 && report.Kept == 0 {
		err = fmt.Errorf("the selection leaves none of %d events", report.Events)
	}
	if err != nil {
		return 0, err
	}
	return report.Kept, w.Commit()
}

// copyEvents writes the selected events, in the header's units.
func (o convertOptions) copyEvents(ctx context.Context, from *table.EventReader, to *table.EventWriter, header dataset.Events) (report dataset.SelectionReport, err error) {
	for {
		block, err := nextOf(ctx, from.Next)
		if errors.Is(err, io.EOF) {
			return report, nil
		}
		if err != nil {
			return report, err
		}
		selected, err := o.selection(nil).Apply(block)
		if err != nil {
			return report, err
		}
		report = report.Plus(selected.Report)
		if err := to.Write(selected.Events.InUnits(header.PositionUnit, header.MomentumUnit)); err != nil {
			return report, err
		}
	}
}

// units puts the units asked for into the header.
func (o convertOptions) units(header *dataset.Events) (err error) {
	if header.PositionUnit, err = unitOr(o.ToPositionUnit, header.PositionUnit, explosion.ParseLengthUnit); err != nil {
		return usagef("--to-position-unit: %w", err)
	}
	if header.MomentumUnit, err = unitOr(o.ToMomentumUnit, header.MomentumUnit, explosion.ParseMomentumUnit); err != nil {
		return usagef("--to-momentum-unit: %w", err)
	}
	return nil
}
