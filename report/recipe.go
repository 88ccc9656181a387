package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gocei/gocei/explosion"
)

// RecipeFacts says in a few lines what a recipe is of; nothing where there is none.
func RecipeFacts(text json.RawMessage) (facts []Fact) {
	if len(text) == 0 {
		return nil
	}
	r, err := explosion.ParseRecipe(text)
	if err != nil {
		return []Fact{{"recipe", err.Error()}}
	}
	var channels []string
	for _, c := range r.Channels {
		channels = append(channels, strings.Trim(fmt.Sprint(c.Charges), "[]"))
	}
	facts = []Fact{
		{"simulation", plural(r.Events, "event", "events") + " of " + r.Molecule.Name + ", seed " + fmt.Sprint(r.Seed)},
		{"charges", strings.Join(channels, "; ")},
	}
	for name, part := range map[string]any{"geometry": r.Geometry, "motion": r.Motion, "orientation": r.Orientation, "detector": r.Detector} {
		if text, err := json.Marshal(part); err == nil && inWords(text) != "" {
			facts = append(facts, Fact{name, inWords(text)})
		}
	}
	slices.SortFunc(facts[2:], func(a, b Fact) int { return strings.Compare(a.Name, b.Name) })
	return facts
}

// inWords writes a JSON object as "kind uniform, displacement angstrom 0.25", without what is zero.
func inWords(text json.RawMessage) string {
	var parts []string
	for _, f := range flatten(text) {
		if f.Value != "0" && f.Value != "" && f.Value != "null" {
			parts = append(parts, f.Name+" "+f.Value)
		}
	}
	return strings.Join(parts, ", ")
}
