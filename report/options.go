package report

import (
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// Options say what a report is made from; zeros are the defaults. What is missing is left out of the report, which says so.
type Options struct {
	Dir string // the run directory, for its learning curve

	// Events are looked at, and judged where they have positions. Nil for none, which NoEvents explains.
	Events     *dataset.Events
	EventsName string // what they are, such as "the run's test part"
	NoEvents   error
	MostEvents int // of which the first are looked at; 1000
	Draws      int // an event; 500

	// Evaluation is one of the run, made before; nil makes one of the events that are looked at.
	Evaluation *posterior.Evaluation
	// MomentumNoise is added to the events' momenta before the model sees them.
	MomentumNoise trainer.MomentumNoise

	// Recipe explodes draws; nil explodes none, which NoRecipe explains.
	Recipe   *explosion.Recipe
	NoRecipe error

	Origin  []Fact // where the run's own events came from
	Program string // the version that makes the report
}

// Fact is a line of a table of settings.
type Fact struct{ Name, Value string }

func (o Options) withDefaults() Options {
	if o.MostEvents == 0 {
		o.MostEvents = 1000
	}
	if o.Draws == 0 {
		o.Draws = 500
	}
	if o.EventsName == "" {
		o.EventsName = "given events"
	}
	return o
}
