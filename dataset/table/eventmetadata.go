package table

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// EventsKey is the key of the metadata under which a table of events says what
// its columns do not: the JSON form of EventMetadata.
const EventsKey = "cei"

// EventMetadata is what a table of events says of itself.
type EventMetadata struct {
	Version      int                    `json:"version"` // of this form: 1
	Atoms        []string               `json:"atoms"`
	MassesDalton []float64              `json:"masses_dalton,omitempty"` // [N]; standard atomic weights where absent
	PositionUnit explosion.LengthUnit   `json:"position_unit"`
	MomentumUnit explosion.MomentumUnit `json:"momentum_unit"`
	Recipe       json.RawMessage        `json:"recipe,omitempty"` // of the simulation: explosion.Recipe
}

const eventMetadataVersion = 1

// eventMetadata returns what a table says of its events; ok is false where it
// says nothing.
func eventMetadata(m Metadata) (e EventMetadata, ok bool, err error) {
	text, ok := m[EventsKey]
	if !ok {
		return e, false, nil
	}
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return e, false, wrong("expected metadata of events under the key %q: %w", EventsKey, err)
	}
	return e, true, e.check()
}

func (e EventMetadata) check() error {
	if e.Version != eventMetadataVersion {
		return wrong("expected metadata of events of version %d, found version %d, of a later program", eventMetadataVersion, e.Version)
	}
	labels, err := dataset.Labels(e.Atoms)
	if err != nil || len(labels) == 0 || !slices.Equal(labels, e.Atoms) {
		return wrong("expected atoms by name in the metadata of events, found %q", e.Atoms)
	}
	if e.MassesDalton != nil && len(e.MassesDalton) != len(e.Atoms) {
		return wrong("expected %d masses in the metadata of events, found %d", len(e.Atoms), len(e.MassesDalton))
	}
	for _, mass := range e.MassesDalton {
		if !(mass > 0) || math.IsInf(mass, 0) {
			return wrong("expected masses above 0 in the metadata of events, found %g", mass)
		}
	}
	return nil
}

// metadataOf returns the metadata of a table with these events, beside other
// metadata. A plain table's columns say all that is known of them.
func metadataOf(e *dataset.Events, others Metadata) (Metadata, error) {
	if e.Plain() {
		return others, nil
	}
	text, err := plainJSON(EventMetadata{
		Version: eventMetadataVersion, Atoms: e.Atoms, MassesDalton: e.MassesDalton,
		PositionUnit: e.PositionUnit.OrBohr(), MomentumUnit: e.MomentumUnit.OrAtomic(), Recipe: e.Recipe,
	})
	if err != nil {
		return nil, fmt.Errorf("table: write metadata of events: %w", err)
	}
	m := maps.Clone(others)
	if m == nil {
		m = Metadata{}
	}
	m[EventsKey] = text
	return m, nil
}

// plainJSON leaves <, > and & as they are, so that a recipe stays what it was to
// the byte.
func plainJSON(v any) (string, error) {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(text.String(), "\n"), err
}
