package report

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// Report is what is known of a run, in pictures, tables and words.
type Report struct {
	Verdict    Verdict
	Evaluation *posterior.Evaluation // nil where there were no events to judge
	Pictures   []*Picture
	Omissions  []Omission

	run        trainer.RunConfig // an ensemble's first member's
	members    int
	options    Options
	posteriors *posteriors // nil without events
	examples   []shownExample
	page       *page
}

// Omission is something that a report lacks, and why.
type Omission struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// New makes the report of a run. Whatever cannot be made is left out with its reason; the error is for a context that
// ends, and for a page that cannot be put together.
func New(ctx context.Context, v *posterior.Inverse, o Options) (*Report, error) {
	r := &Report{run: v.Run(), members: v.Members(), options: o.withDefaults()}
	for _, step := range []func(context.Context, *posterior.Inverse){r.takeFirst, r.evaluate, r.lookAt, r.draw} {
		step(ctx, v)
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
	}
	var err error
	if r.page, err = r.newPage(); err != nil {
		return nil, fmt.Errorf("report: make page: %w", err)
	}
	return r, nil
}

// leaveOut notes what is missing, without the name of the package that says why.
func (r *Report) leaveOut(what string, why error) {
	text := why.Error()
	for _, prefix := range []string{"report: ", "posterior: ", "dataset: ", "explosion: ", "trainer: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	text = strings.TrimPrefix(text, what+": ")
	r.Omissions = append(r.Omissions, Omission{what, text})
}

// takeFirst brings the events that are looked at into the run's units and order of atoms.
func (r *Report) takeFirst(context.Context, *posterior.Inverse) {
	o := &r.options
	if o.Events == nil && o.NoEvents == nil {
		o.NoEvents = errors.New("no events were given")
	}
	if o.Events == nil {
		return
	}
	events := o.Events.SelectRows(firstRows(min(o.Events.Len(), o.MostEvents)))
	if c := r.run.Encoding; len(c.Atoms) > 0 {
		ordered, err := events.Reordered(c.Atoms)
		if err != nil {
			o.Events, o.NoEvents = nil, err
			return
		}
		events = ordered.InUnits(c.PositionUnit, c.MomentumUnit)
	}
	if o.Events = events; events.Len() == 0 {
		o.Events, o.NoEvents = nil, fmt.Errorf("%s has no events", o.EventsName)
	}
}

func (r *Report) evaluate(ctx context.Context, v *posterior.Inverse) {
	const what = "Errors and calibration"
	o := r.options
	switch {
	case o.Evaluation != nil:
		r.Evaluation = o.Evaluation
	case o.Events == nil:
		r.leaveOut(what, o.NoEvents)
	case !o.Events.HasPositions():
		r.leaveOut(what, errNoPositions)
	default:
		e, err := v.Evaluate(ctx, o.Events, posterior.EvaluateOptions{Draws: o.Draws, Recipe: o.Recipe, MomentumNoise: o.MomentumNoise})
		if err != nil {
			r.leaveOut(what, err)
			break
		}
		r.Evaluation = e
	}
	if r.Evaluation == nil {
		r.Verdict = Verdict{Word: "Not judged", Sentences: []string{"There was nothing to judge the run by: see what is left out, below."}}
		return
	}
	r.Verdict = judge(r.Evaluation)
}

func (r *Report) lookAt(ctx context.Context, v *posterior.Inverse) {
	const what = "Geometries of single events"
	if r.options.Events == nil {
		r.leaveOut(what, r.options.NoEvents)
		return
	}
	p, err := lookAt(ctx, v, r.options.Events, r.options)
	if err != nil {
		r.leaveOut(what, err)
		return
	}
	r.posteriors = p
	if r.Evaluation != nil {
		r.Verdict.consider(p.byInternals)
	}
	for _, e := range p.examples() {
		shown := shownExample{example: e}
		if shown.columns, shown.values, shown.true, err = p.values(e); err != nil {
			r.leaveOut(e.Title, err)
			continue
		}
		r.examples = append(r.examples, shown)
	}
}

// shownExample is an example in the columns that are shown of it.
type shownExample struct {
	example
	columns []Column
	values  dataset.Matrix // of the draws
	true    []float64      // nil where it is not known
	corner  *Picture       // nil where there is none
}

// picture returns one of the report's pictures, nil where it was left out.
func (r *Report) picture(name string) *Picture {
	for _, p := range r.Pictures {
		if p.Name == name {
			return p
		}
	}
	return nil
}
