package explosion

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// Recipe is all that a table of simulated events depends on. The same recipe
// gives the same table to the bit, on the same machine, whatever the number of
// workers. Its text form is JSON, which keeps every bit of every number.
//
// The zero value is a recipe for no events of OCS with charges 2, 2, 2, displaced
// uniformly by up to 0.25 Å, at rest, in a fixed orientation, seen by a perfect
// detector. A molecule that is given wants charges, its own or in channels.
type Recipe struct {
	Molecule Molecule  `json:"molecule"`
	Channels []Channel `json:"channels"` // which charges, and how often; the molecule's own if empty

	Geometry       Geometry    `json:"geometry"`
	Motion         Motion      `json:"motion"`
	Orientation    Orientation `json:"orientation"`
	OriginAngstrom float64     `json:"origin_angstrom"` // standard deviation of each coordinate of the molecule as a whole

	Detector Detector `json:"detector"`

	// First is the index of the first event. An event depends on its index and not
	// on First or Events, so that a table can be made in parts, and be continued.
	First int `json:"first"`
	// Events is how many there are. With a grid, the index is that of a grid point,
	// and 0 events stand for all points from First on.
	Events int    `json:"events"`
	Seed   uint64 `json:"seed"`

	Integrator Options `json:"integrator"`
}

// Complete returns the recipe with every default written out, or an error that
// names what is wrong with it.
func (r Recipe) Complete() (Recipe, error) {
	if err := r.complete(); err != nil {
		return Recipe{}, fmt.Errorf("explosion: check recipe: %w", err)
	}
	return r, nil
}

func (r *Recipe) complete() (err error) {
	if r.Molecule.Atoms == nil && r.Molecule.Equilibrium == nil && r.Molecule.Name == "" {
		r.defaultMolecule()
	}
	if r.Molecule, err = r.Molecule.complete(); err != nil {
		return fmt.Errorf("molecule %s: %w", r.Molecule.Name, err)
	}
	if r.Integrator, err = r.Integrator.Complete(); err != nil {
		return fmt.Errorf("integrator: %w", err)
	}
	if r.Channels, err = completeChannels(r.Channels, r.Molecule, r.Integrator); err != nil {
		return fmt.Errorf("channels of %s: %w", r.Molecule.Name, err)
	}
	if r.Geometry, err = r.Geometry.complete(r.Molecule); err != nil {
		return fmt.Errorf("geometry: %w", err)
	}
	if r.Motion, err = r.Motion.complete(r.Geometry); err != nil {
		return fmt.Errorf("motion: %w", err)
	}
	if r.Orientation, err = r.Orientation.complete(); err != nil {
		return fmt.Errorf("orientation: %w", err)
	}
	if !(r.OriginAngstrom >= 0) || math.IsInf(r.OriginAngstrom, 0) {
		return fmt.Errorf("origin_angstrom %g: want 0 or more", r.OriginAngstrom)
	}
	if r.Detector, err = r.Detector.complete(); err != nil {
		return fmt.Errorf("detector: %w", err)
	}
	return r.completeEvents()
}

func (r *Recipe) defaultMolecule() {
	r.Molecule, _ = LookupMolecule("OCS")
	if len(r.Channels) == 0 {
		r.Channels = []Channel{{Charges: []float64{2, 2, 2}, Weight: 1}}
	}
}

func (r *Recipe) completeEvents() error {
	if r.First < 0 {
		return fmt.Errorf("first %d: want 0 or more", r.First)
	}
	if r.Events < 0 {
		return fmt.Errorf("events %d: want 0 or more", r.Events)
	}
	if r.Events > math.MaxInt-r.First {
		return fmt.Errorf("events %d from %d on: want indices up to %d", r.Events, r.First, math.MaxInt)
	}
	if r.Geometry.Kind != GeometryGrid {
		return nil
	}
	points, err := checkGrid(r.Molecule, r.Geometry.Grid)
	if err != nil {
		return fmt.Errorf("geometry: grid: %w", err)
	}
	if r.First+r.Events > points || r.First == points {
		return fmt.Errorf("events %d from %d on: the grid has %d points", r.Events, r.First, points)
	}
	if r.Events == 0 {
		r.Events = points - r.First
	}
	return nil
}

// ParseRecipe reads a recipe from JSON and completes it. Anything that is not
// part of a recipe is an error.
func ParseRecipe(text []byte) (Recipe, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var r Recipe
	err := decoder.Decode(&r)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more text after the end of the recipe")
		}
	}
	if err != nil {
		return Recipe{}, fmt.Errorf("explosion: parse recipe: %w", err)
	}
	return r.Complete()
}
