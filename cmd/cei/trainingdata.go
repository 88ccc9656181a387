package main

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// trainingData returns the selected events to train on: those of the table, or simulated ones.
func (o trainOptions) trainingData(ctx context.Context, s streams) (*dataset.Events, error) {
	if o.Data != "" {
		return o.readSelected(ctx, o.Data, o.selectionOptions, s)
	}
	events, err := o.simulated(ctx, s)
	if err != nil {
		return nil, err
	}
	events, _, err = o.selectFrom(events, nil, s)
	return events, err
}

func (o trainOptions) simulated(ctx context.Context, s streams) (*dataset.Events, error) {
	recipe, err := o.recipe(o.Seed)
	if err != nil {
		return nil, err
	}
	if o.Online && recipe.Geometry.Kind == explosion.GeometryGrid {
		return nil, usagef("--online simulates fresh events for every epoch, and a grid has the same in each: give one of them")
	}
	s.note("simulating %d explosions of %s", recipe.Events, recipe.Molecule.Name)
	events, report, err := dataset.Simulate(ctx, recipe, 0)
	if err == nil {
		err = tellReport(s, recipe, report)
	}
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	return events, nil
}

// fresh returns what simulates the training part of later epochs, or nil without --online.
func (o trainOptions) fresh(events *dataset.Events, d *dataset.Split) (*dataset.Simulation, error) {
	if !o.Online {
		return nil, nil
	}
	recipe, err := explosion.ParseRecipe(events.Recipe)
	if err != nil {
		return nil, err
	}
	return &dataset.Simulation{Recipe: recipe, Selection: o.selection(nil), Encoding: d.Encoding, Rows: d.Train.Len()}, nil
}
