package main

import (
	"cmp"
	"errors"

	"github.com/gocei/gocei/explosion"
)

// changeMotion changes what flags give, and keeps the rest of the recipe's motion where its kind stays. The temperature
// is that of the geometry too.
func (o recipeOptions) changeMotion(r *explosion.Recipe) error {
	kind := explosion.MotionKind(o.Motion)
	if kind == "" && o.Energy != nil {
		kind = explosion.MotionFixedKineticEnergy
	}
	if kind = cmp.Or(kind, r.Motion.Kind); kind != r.Motion.Kind {
		r.Motion = explosion.Motion{Kind: kind}
	}
	r.Motion.ElectronVolt = given(o.Energy, r.Motion.ElectronVolt)
	if kind == explosion.MotionThermal {
		r.Motion.Kelvin = given(o.Kelvin, r.Motion.Kelvin)
	}
	if o.Kelvin != nil && kind != explosion.MotionThermal && r.Geometry.Kind != explosion.GeometryVibrational {
		return errors.New("--kelvin: nothing here has a temperature: want --geometry vibrational or --motion thermal")
	}
	return nil
}
