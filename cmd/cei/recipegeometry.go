package main

import (
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// changeGeometry changes what flags give, and keeps the rest of the recipe's geometry where its kind stays.
func (o recipeOptions) changeGeometry(r *explosion.Recipe) error {
	kind := o.geometryKind(*r)
	if kind == "" {
		return nil
	}
	g := r.Geometry
	if g.Kind != kind {
		g = explosion.Geometry{Kind: kind}
		if kind == explosion.GeometryUniform || kind == explosion.GeometryNormal {
			g.DisplacementAngstrom = 0.25
		}
	}
	g.DisplacementAngstrom = given(o.Displacement, g.DisplacementAngstrom)
	g.RadiusAngstrom = given(o.Radius, g.RadiusAngstrom)
	g.SeparationAngstrom = given(o.Separation, g.SeparationAngstrom)
	if kind == explosion.GeometryVibrational {
		g.Kelvin = given(o.Kelvin, g.Kelvin)
	}
	r.Geometry = g
	if err := o.changeInternal(r); err != nil {
		return err
	}
	return o.changeGrid(r)
}

func (o recipeOptions) changeInternal(r *explosion.Recipe) error {
	if o.Internal == nil {
		return nil
	}
	r.Geometry.Internal = nil
	for _, text := range o.Internal {
		within, err := explosion.ParseInternalRange(r.Molecule, text)
		if err != nil {
			return fmt.Errorf("--internal: %w", err)
		}
		r.Geometry.Internal = append(r.Geometry.Internal, within)
	}
	return nil
}

// changeGrid puts in the axes that flags give: then all points of the grid are events.
func (o recipeOptions) changeGrid(r *explosion.Recipe) error {
	if o.Grid == nil {
		return nil
	}
	r.Geometry.Grid = nil
	for _, text := range o.Grid {
		axis, err := explosion.ParseGridAxis(r.Molecule, text)
		if err != nil {
			return fmt.Errorf("--grid: %w", err)
		}
		r.Geometry.Grid = append(r.Geometry.Grid, axis)
	}
	r.First, r.Events = 0, 0
	return nil
}

// geometryKind returns the kind that is named, or else that the flags belong to; "" where none tells.
func (o recipeOptions) geometryKind(r explosion.Recipe) explosion.GeometryKind {
	before := r.Geometry.Kind
	switch {
	case o.Geometry != "":
		return explosion.GeometryKind(o.Geometry)
	case o.Grid != nil:
		return explosion.GeometryGrid
	case o.Internal != nil:
		return explosion.GeometryInternal
	case o.Radius != nil || o.Separation != nil:
		return explosion.GeometryBall
	case o.Displacement != nil && *o.Displacement == 0:
		return explosion.GeometryEquilibrium
	case o.Displacement != nil && before == explosion.GeometryNormal:
		return before
	case o.Displacement != nil:
		return explosion.GeometryUniform
	case o.Motion == string(explosion.MotionVibrational):
		return explosion.GeometryVibrational
	case o.Kelvin != nil && (before == explosion.GeometryVibrational || o.Motion == "" && r.Motion.Kind != explosion.MotionThermal):
		return explosion.GeometryVibrational
	}
	return ""
}
