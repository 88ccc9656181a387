package main

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// trainingData returns the events to train on: those of the table, or simulated ones.
func (o trainOptions) trainingData(ctx context.Context, s streams) (*dataset.Events, error) {
	if o.Data != "" {
		events, err := o.read(o.Data, true)
		if err != nil {
			return nil, err
		}
		events, _, err = o.selectFrom(events, nil, s)
		return events, err
	}
	recipe, err := o.recipe(o.Seed)
	if err != nil {
		return nil, err
	}
	s.note("simulating %d explosions of %s", recipe.Events, recipe.Molecule.Name)
	events, report, err := o.simulate(ctx, recipe)
	tellReport(s, report)
	return events, err
}

// simulate returns the selected events of a recipe.
func (o trainOptions) simulate(ctx context.Context, r explosion.Recipe) (*dataset.Events, explosion.Report, error) {
	events, report, err := dataset.Simulate(ctx, r, 0)
	if err != nil {
		return nil, report, fmt.Errorf("simulate: %w", err)
	}
	selected, err := o.selection(nil).Apply(events)
	return selected.Events, report, err
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
