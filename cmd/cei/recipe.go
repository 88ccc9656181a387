package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// recipeOptions say what to simulate.
type recipeOptions struct {
	Recipe   string    `json:"recipe,omitempty"`
	Molecule string    `json:"molecule,omitempty"`
	Isotopes []string  `json:"isotopes,omitempty"`
	Charges  []float64 `json:"charges,omitempty"`
	Channels string    `json:"channels,omitempty"`
	Events   *int      `json:"events,omitempty"`

	Geometry     string   `json:"geometry,omitempty"`
	Displacement *float64 `json:"displacement,omitempty"` // Ångström
	Radius       *float64 `json:"radius,omitempty"`
	Separation   *float64 `json:"separation,omitempty"`
	Grid         []string `json:"grid,omitempty"`
	Internal     []string `json:"internal,omitempty"`
	Motion       string   `json:"motion,omitempty"`
	Kelvin       *float64 `json:"kelvin,omitempty"`
	Energy       *float64 `json:"initial_energy,omitempty"` // eV
	Orientation  string   `json:"orientation,omitempty"`
	Origin       *float64 `json:"origin,omitempty"` // Ångström

	DetectorAbsolute   *float64  `json:"detector_noise,omitempty"`
	DetectorRelative   *float64  `json:"detector_relative_noise,omitempty"`
	DetectorLoss       *float64  `json:"detector_loss,omitempty"`
	DetectorAxis       []float64 `json:"detector_axis,omitempty"`
	DetectorAngle      *float64  `json:"detector_dead_angle,omitempty"`
	DetectorTransverse *float64  `json:"detector_dead_transverse,omitempty"`

	Tolerance *float64 `json:"tolerance,omitempty"`
}

func recipeSettings(o *recipeOptions) []setting {
	return category("Simulation:", []setting{
		text(&o.Recipe, "recipe", "`FILE` with a whole recipe: JSON, or a simulated table, whose recipe is taken; other flags change it", ""),
		text(&o.Molecule, "molecule", "`NAME` of a molecule, or an .xyz or .yaml file with one; names: "+strings.Join(explosion.Molecules(), " "), "OCS, with atoms in the order C, O, S"),
		texts(&o.Isotopes, "isotopes", "`SYMBOLS` of the atoms, as 12C,18O,S: isotopes, or elements with their standard weights", "standard weights"),
		numbers(&o.Charges, "charges", "`CHARGES` of the ions in units of e, one per atom, whole or not", "2,2,2 for OCS"),
		text(&o.Channels, "channels", "several `CHANNELS` of charges with their weights, as '2,2,2:3; 1,1,1:1'", ""),
		integer(&o.Events, "events", "`N` explosions to simulate", "100000; all points of a grid"),
		text(&o.Geometry, "geometry", "`KIND` of geometries: equilibrium, uniform, normal, ball, vibrational, grid or internal", "uniform, or what the other flags ask for"),
		number(&o.Displacement, "displacement", "uniform: each coordinate is off its equilibrium by up to `ANGSTROM`; normal: its standard deviation", "0.25"),
		number(&o.Radius, "radius", "ball: atoms anywhere within `ANGSTROM` of the origin", "none"),
		number(&o.Separation, "separation", "ball: no two atoms closer than `ANGSTROM`", "none"),
		texts(&o.Grid, "grid", "`AXES` of the grid, distances in Angstrom and angles in degrees, as C-O=1:5:20,C-S=1:5:20,O-C-S=140:180:20", ""),
		texts(&o.Internal, "internal", "`RANGES` that internal coordinates are drawn from with equal probability, in Angstrom and degrees, as C-O=0.9:2.8,C-S=0.9:2.2,O-C-S=140:180; the others stay at equilibrium", ""),
		text(&o.Motion, "motion", "`KIND` of initial momenta: rest, thermal, fixed_kinetic_energy, or vibrational with that geometry", "rest, or what the other flags ask for"),
		number(&o.Kelvin, "kelvin", "`TEMPERATURE` of vibrational geometries and thermal motion", "absolute zero"),
		number(&o.Energy, "initial-energy", "fixed_kinetic_energy: `EV` of each molecule", "none"),
		text(&o.Orientation, "orientation", "`ORIENTATION` of the molecules: fixed or random", "fixed"),
		number(&o.Origin, "origin", "standard deviation in `ANGSTROM` of each coordinate of the molecules' place", "none"),
		number(&o.DetectorAbsolute, "detector-noise", "standard deviation in `AU` of each measured momentum component", "none"),
		number(&o.DetectorRelative, "detector-relative-noise", "the same as a `FRACTION` of the component", "none"),
		number(&o.DetectorLoss, "detector-loss", "`PROBABILITY` that an ion is missed, and with it the event", "none"),
		numbers(&o.DetectorAxis, "detector-axis", "`X,Y,Z` of the spectrometer's axis", "0,0,1"),
		number(&o.DetectorAngle, "detector-dead-angle", "ions within `DEGREES` of the axis are lost", "none"),
		number(&o.DetectorTransverse, "detector-dead-transverse", "ions with less momentum across the axis than `AU` are lost", "none"),
		number(&o.Tolerance, "tolerance", "relative `ERROR` that each step of the integration may have", "1e-6"),
	})
}

// asked reports whether a simulation was asked for.
func (o recipeOptions) asked() bool { return !reflect.ValueOf(o).IsZero() }

// recipe returns the complete recipe: that of a file, or the default, changed by what was asked for.
func (o recipeOptions) recipe(seed *uint64) (r explosion.Recipe, err error) {
	r.Events, r.Seed = 100_000, defaultSeed
	if o.Recipe != "" {
		if r, err = readRecipe(o.Recipe); err != nil {
			return r, usageError{err}
		}
	}
	for _, change := range []func(*explosion.Recipe) error{o.changeMolecule, o.changeGeometry, o.changeMotion, o.changeDetector, o.changeRun} {
		if err := change(&r); err != nil {
			return r, usageError{err}
		}
	}
	r.Seed = given(seed, r.Seed)
	if r, err = r.Complete(); err != nil {
		return r, usageError{err}
	}
	if r.Events == 0 {
		return r, usagef("--events must be at least 1, got 0: the table would be empty")
	}
	return r, nil
}

// readRecipe reads a recipe from a file of its own, or from a table that was simulated by it.
func readRecipe(path string) (explosion.Recipe, error) {
	if table.Known(path) == nil {
		r, err := table.ReadRecipe(path)
		if err != nil {
			return r, fmt.Errorf("--recipe: %w", err)
		}
		return r, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return explosion.Recipe{}, fmt.Errorf("--recipe: %w", err)
	}
	r, err := explosion.ParseRecipe(text)
	if err != nil {
		return r, fmt.Errorf("--recipe: %s: %w", path, err)
	}
	return r, nil
}

// changeRun changes where, how many and how exact the explosions are.
func (o recipeOptions) changeRun(r *explosion.Recipe) error {
	if o.Orientation != "" {
		r.Orientation = explosion.Orientation(o.Orientation)
	}
	r.OriginAngstrom = given(o.Origin, r.OriginAngstrom)
	r.Events = given(o.Events, r.Events)
	if err := aboveZero("tolerance", o.Tolerance); err != nil {
		return err
	}
	if o.Tolerance != nil { // what follows from the tolerance by default follows from this one
		r.Integrator.Tolerance, r.Integrator.RemainingEnergy, r.Integrator.MaxEnergyError = *o.Tolerance, 0, 0
	}
	return nil
}

func (o recipeOptions) changeDetector(r *explosion.Recipe) error {
	d := &r.Detector
	d.AbsoluteNoise = given(o.DetectorAbsolute, d.AbsoluteNoise)
	d.RelativeNoise = given(o.DetectorRelative, d.RelativeNoise)
	d.Loss = given(o.DetectorLoss, d.Loss)
	d.DeadAngleDegrees = given(o.DetectorAngle, d.DeadAngleDegrees)
	d.DeadTransverse = given(o.DetectorTransverse, d.DeadTransverse)
	if o.DetectorAxis == nil {
		return nil
	}
	if len(o.DetectorAxis) != 3 || [3]float64(o.DetectorAxis) == [3]float64{} {
		return fmt.Errorf("--detector-axis takes three numbers that are not all zero, as 0,0,1, got %v", o.DetectorAxis)
	}
	d.Axis = [3]float64(o.DetectorAxis)
	return nil
}
