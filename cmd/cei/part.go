package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/trainer"
)

// partKey is the key of the metadata under which a table says which part of a whole it is.
const partKey = "cei.part"

// part is which part of which whole a table is.
type part struct {
	Shard  shard `json:"shard"`
	First  int   `json:"first_event"` // of those that the selection left
	End    int   `json:"end_event"`   // after the last
	Events int   `json:"events"`      // of the whole
	Whole  whole `json:"whole"`
}

// whole tells wholes from one another: parts are joined where all of it is the same.
type whole struct {
	Command  string          `json:"command"`
	Version  string          `json:"version"`
	Run      string          `json:"run,omitempty"`   // a hash of the weights
	Input    string          `json:"input,omitempty"` // the fingerprint of the table of events
	Settings json.RawMessage `json:"settings"`        // on which the numbers depend
}

// newPart returns the part of so many events that --shard asks for; nil for all.
func newPart(asked string, events int, of func() (whole, error)) (*part, error) {
	which, err := parseShard(asked)
	if err != nil || which.all() {
		return nil, err
	}
	p := &part{Shard: which, Events: events}
	p.First, p.End = which.of(events)
	p.Whole, err = of()
	return p, err
}

// between returns the part's events, first to end-1, of so many.
func (p *part) between(events int) (first, end int) {
	if p == nil {
		return 0, events
	}
	return p.First, p.End
}

// describe tells how many events there are, so many if it is no part, and of which part.
func (p *part) describe(events int) string {
	if p == nil {
		return fmt.Sprintf("%d events", events)
	}
	return fmt.Sprintf("%d events (part %s of %d)", p.End-p.First, p.Shard, p.Events)
}

// newWhole describes what a command makes of an input, with a run's directory or without, and with settings that marshal.
func newWhole(command, input, dir string, settings any) (w whole, err error) {
	w = whole{Command: command, Version: version()}
	if w.Input, err = fingerprint(input); err != nil {
		return w, err
	}
	if dir != "" {
		if w.Run, err = runFingerprint(dir); err != nil {
			return w, err
		}
	}
	if w.Settings, err = json.Marshal(settings); err != nil {
		return w, fmt.Errorf("describe part: %w", err)
	}
	return w, nil
}

// runFingerprint is a hash of the weights of a run, or of an ensemble's members.
func runFingerprint(dir string) (string, error) {
	dirs, err := trainer.RunDirs(dir)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, each := range dirs {
		f, err := os.Open(filepath.Join(each, trainer.ModelFile))
		if err != nil {
			return "", fmt.Errorf("read weights: %w", err)
		}
		_, err = io.Copy(h, f)
		if err = joinClose(err, f); err != nil {
			return "", fmt.Errorf("read weights: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// differs names what two wholes differ in, and is empty where they do not.
func (w whole) differs(other whole) string {
	switch {
	case w.Command != other.Command:
		return fmt.Sprintf("one is of cei %s, the other of cei %s", w.Command, other.Command)
	case w.Run != other.Run:
		return "they are of different runs"
	case w.Input != other.Input:
		return "they are of different tables of events"
	case !bytes.Equal(w.Settings, other.Settings):
		return fmt.Sprintf("they were made with different settings: %s and %s", w.Settings, other.Settings)
	case w.Version != other.Version:
		return fmt.Sprintf("they were made by different versions of cei: %s and %s", w.Version, other.Version)
	}
	return ""
}

// mark adds to the metadata of a table which part it is.
func (p *part) mark(m table.Metadata) (table.Metadata, error) {
	if p == nil {
		return m, nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("describe part: %w", err)
	}
	m[partKey] = string(text)
	return m, nil
}

// mostEvents times mostShards is still an int.
const mostEvents = 1 << 40

// readPart returns which part a table is, by its metadata.
func readPart(path string, m table.Metadata) (p part, err error) {
	text, ok := m[partKey]
	if !ok {
		missing := ""
		if table.HasSidecar(path) {
			missing = "; what it says of itself is in " + table.SidecarPath(path) + ", which belongs to it"
		}
		return p, fmt.Errorf("%s does not say that it is a part made with --shard%s", path, missing)
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("%s: which part it is cannot be read: %w", path, err)
	}
	first, end := 0, 0
	if s := p.Shard; s.Number >= 1 && s.Number <= s.Count && s.Count <= mostShards && p.Events >= 0 && p.Events <= mostEvents {
		first, end = s.of(p.Events)
	}
	if p.Shard.Count < 1 || first != p.First || end != p.End {
		return p, fmt.Errorf("%s says that it is part %s with events %d to %d of %d, which is none", path, p.Shard, p.First, p.End-1, p.Events)
	}
	return p, nil
}
