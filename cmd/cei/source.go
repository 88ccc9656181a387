package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// source is where a run's events came from, a table or a simulation, kept with it so that its test part can be had again.
type source struct {
	Options trainOptions `json:"options"`
	SHA256  string       `json:"data_sha256,omitempty"` // of the table
	// Recipe is that of the simulation, or what the table says that it was simulated from.
	Recipe json.RawMessage `json:"recipe,omitempty"`
	// AddSHA256 and AddRecipe are those of the table with further events to train on.
	AddSHA256 string          `json:"add_sha256,omitempty"`
	AddRecipe json.RawMessage `json:"add_recipe,omitempty"`
	// Streamed is in the place of SHA256 where the table was not read as a whole.
	Streamed *streamedTable `json:"streamed,omitempty"`
}

// newSource remembers where the events came from: the data's place from anywhere, and what it holds.
func newSource(o trainOptions, events, added *dataset.Events) (json.RawMessage, error) {
	from := source{Options: o, Recipe: events.Recipe}
	var err error
	if from.Options.Data, from.SHA256, err = place(o.Data); err != nil {
		return nil, err
	}
	if from.Options.Add, from.AddSHA256, err = place(o.Add); err != nil {
		return nil, err
	}
	if added != nil {
		from.AddRecipe = added.Recipe
	}
	return from.json()
}

func (from source) json() (json.RawMessage, error) {
	text, err := json.Marshal(from)
	if err != nil {
		return nil, fmt.Errorf("keep settings: %w", err)
	}
	return text, nil
}

// place returns where a file is from anywhere, and what it holds; nothing of no file.
func place(path string) (absolute, sum string, err error) {
	if path == "" {
		return "", "", nil
	}
	if absolute, err = filepath.Abs(path); err != nil {
		return "", "", fmt.Errorf("find %s: %w", path, err)
	}
	sum, err = fileSum(path)
	return absolute, sum, err
}

// sourceOf returns where the run's events came from. A run that another program trained may not say.
func sourceOf(run trainer.RunConfig) (from source, ok bool) {
	err := json.Unmarshal(run.Settings, &from)
	return from, err == nil && (from.SHA256 != "" || from.Streamed != nil || from.Options.Data == "" && from.Recipe != nil)
}

// recipeBehind returns what explodes the draws of a run for the events: the recipe that they or the run's own were simulated
// from; nil where none is known or it does not fit, of which the user is told.
func recipeBehind(run trainer.RunConfig, events *dataset.Events, s streams) *explosion.Recipe {
	recipe, err := findRecipe(run, events)
	if err != nil {
		s.note("warning: draws are not exploded: %v", err)
	}
	return recipe
}

// findRecipe returns nil where no recipe is known, and an error where one does not fit.
func findRecipe(run trainer.RunConfig, events *dataset.Events) (*explosion.Recipe, error) {
	text := events.Recipe
	if from, ok := sourceOf(run); ok && len(text) == 0 {
		text = from.Recipe
	}
	if len(text) == 0 {
		return nil, nil
	}
	recipe, err := explosion.ParseRecipe(text)
	if err == nil && len(recipe.Channels) > 1 {
		// Events that are read from a table have lost the columns of their charges; a simulated run is to say the same.
		err = fmt.Errorf("the simulation has %d channels of charges, and which one an event is of is not known", len(recipe.Channels))
	}
	if err == nil {
		err = posterior.CheckRecipe(run.Encoding, events, recipe)
	}
	if err != nil {
		return nil, err
	}
	return &recipe, nil
}

// trainedOn reports whether a table holds events that the run may have been trained on: it is that file, or was simulated
// by the same recipe.
func trainedOn(run trainer.RunConfig, path string, events *dataset.Events) bool {
	from, ok := sourceOf(run)
	if !ok {
		return false
	}
	if from.Streamed != nil {
		if print, err := fingerprint(path); err == nil && print == from.Streamed.Fingerprint {
			return true
		}
	} else if sum, err := fileSum(path); err == nil && (sum == from.SHA256 || sum == from.AddSHA256) {
		return true
	}
	return overlap(from.Recipe, events.Recipe) || overlap(from.AddRecipe, events.Recipe)
}

// overlap reports whether two recipes have events in common: an event depends on its index, not on how many there are.
func overlap(one, other json.RawMessage) bool {
	a, errA := explosion.ParseRecipe(one)
	b, errB := explosion.ParseRecipe(other)
	if errA != nil || errB != nil || max(a.First, b.First) >= min(a.First+a.Events, b.First+b.Events) {
		return false
	}
	b.First, b.Events = a.First, a.Events
	return reflect.DeepEqual(a, b)
}

// testEvents returns the events that the run neither trained nor validated on.
func testEvents(ctx context.Context, run trainer.RunConfig) (*dataset.Events, error) {
	from, ok := sourceOf(run)
	if !ok {
		return nil, errors.New("the run does not say where its events came from; give a table with --data")
	}
	if from.Streamed != nil {
		return from.testRows(ctx)
	}
	events, err := from.events(ctx)
	if err != nil {
		return nil, err
	}
	parts, err := dataset.SplitRows(events.Len(), run.Split.Fractions, run.Split.Seed)
	if err != nil {
		return nil, err
	}
	return events.SelectRows(parts.Test), nil
}

// events returns all events that the run was split from. A file that has changed since is refused: its rows may have
// been in the training part.
func (from source) events(ctx context.Context) (*dataset.Events, error) {
	if from.Options.Data == "" {
		recipe, err := explosion.ParseRecipe(from.Recipe)
		if err != nil {
			return nil, err
		}
		events, _, err := dataset.Simulate(ctx, recipe, 0)
		if err != nil {
			return nil, err
		}
		selected, err := from.Options.selection(nil).Apply(events)
		return selected.Events, err
	}
	sum, err := fileSum(from.Options.Data)
	if err != nil {
		return nil, notThere(err)
	}
	if sum != from.SHA256 {
		return nil, notTheSame(from.Options.Data)
	}
	return from.Options.readSelected(ctx, from.Options.Data, from.Options.selectionOptions, streams{err: io.Discard})
}

func notThere(err error) error {
	return fmt.Errorf("%w; the run was trained on that file: put it back, or give another with --data", err)
}

func notTheSame(path string) error {
	return fmt.Errorf("%s has changed since the run was trained on it, so its test rows are not known; give a table with --data", path)
}

func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read events: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read events: %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
