package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// source is where a run's events came from, kept with it so that its test part can be found again.
type source struct {
	Options trainOptions `json:"options"`
	SHA256  string       `json:"data_sha256"`
}

// newSource remembers the data's place from anywhere, and what it holds.
func newSource(o trainOptions) (json.RawMessage, error) {
	var err error
	if o.Data, err = filepath.Abs(o.Data); err != nil {
		return nil, fmt.Errorf("find %s: %w", o.Data, err)
	}
	sum, err := fileSum(o.Data)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(source{Options: o, SHA256: sum})
	if err != nil {
		return nil, fmt.Errorf("keep settings: %w", err)
	}
	return text, nil
}

// sourceOf returns where the run's events came from. A run that another program trained may not say.
func sourceOf(run trainer.RunConfig) (from source, ok bool) {
	err := json.Unmarshal(run.Settings, &from)
	return from, err == nil && from.SHA256 != ""
}

// trainedOn reports whether the file at path is the table that the run was trained on.
func trainedOn(run trainer.RunConfig, path string) bool {
	from, ok := sourceOf(run)
	if !ok {
		return false
	}
	sum, err := fileSum(path)
	return err == nil && sum == from.SHA256
}

// testEvents returns the events that the run neither trained nor validated on. A file that has changed since is
// refused: its rows may have been in the training part.
func testEvents(run trainer.RunConfig) (*dataset.Events, error) {
	from, ok := sourceOf(run)
	if !ok {
		return nil, errors.New("the run does not say where its events came from; give a table with --data")
	}
	path := from.Options.Data
	sum, err := fileSum(path)
	if err != nil {
		return nil, fmt.Errorf("%w; the run was trained on that file: give another with --data", err)
	}
	if sum != from.SHA256 {
		return nil, fmt.Errorf("%s has changed since the run was trained on it, so its test rows are not known; give a table with --data", path)
	}
	events, err := from.Options.read(path, true)
	if err != nil {
		return nil, err
	}
	parts, err := dataset.SplitRows(events.Len(), run.Split.Fractions, run.Split.Seed)
	if err != nil {
		return nil, err
	}
	return events.SelectRows(parts.Test), nil
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
