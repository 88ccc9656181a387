package report

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

// Picture is a figure that has been drawn.
type Picture struct {
	Name, Title, Caption string
	SVG, PNG             []byte
}

// draw draws all figures that can be drawn.
func (r *Report) draw(context.Context, *posterior.Inverse) {
	r.drawLearningCurve()
	r.drawCorners()
	r.drawErrors()
	r.drawCalibration()
	r.drawMomenta()
	r.drawReleases()
}

// add draws a figure, or says why there is none. Name is that of its files where it is not the figure's own.
func (r *Report) add(what, name string, f *Figure, err error) *Picture {
	if err == nil && f == nil {
		err = errors.New("there is nothing to draw")
	}
	var p Picture
	if err == nil {
		p = Picture{Name: f.Name, Title: f.Title, Caption: f.Caption}
		if p.SVG, err = f.SVG(); err == nil {
			p.PNG, err = f.PNG()
		}
	}
	if err != nil {
		r.leaveOut(what, err)
		return nil
	}
	if name != "" {
		p.Name = name
	}
	r.Pictures = append(r.Pictures, &p)
	return &p
}

func (r *Report) drawLearningCurve() {
	const what = "Learning curve"
	if r.options.Dir == "" {
		return
	}
	members, err := MembersMetrics(r.options.Dir)
	var f *Figure
	switch {
	case err == nil && len(members) == 0:
		err = errors.New("no epoch's losses are kept in the run directory")
	case err == nil && r.members > 1:
		f, err = MemberCurves(r.run.Model.Kind, members)
	case err == nil:
		f, err = Curves(r.run.Model.Kind, members[0])
	}
	r.add(what, "", f, err)
}

func (r *Report) drawCorners() {
	for i := range r.examples {
		e := &r.examples[i]
		few := r.posteriors.few(e.columns)
		columns, truth := make([]Column, len(few)), []float64(nil)
		for k, j := range few {
			columns[k] = e.columns[j]
			if e.true != nil {
				truth = append(truth, e.true[j])
			}
		}
		f, err := Corner(columns, selectColumns(e.values, few), truth)
		if e.corner = r.add("Corner plot of the "+lower(e.Title), "corner_"+e.Name, f, err); e.corner == nil {
			continue
		}
		e.corner.Title = "Posterior of the " + lower(e.Title)
		e.corner.Caption = strings.TrimPrefix(e.corner.Caption, "Posterior of one event. ")
		if len(few) < len(e.columns) {
			e.corner.Caption += fmt.Sprintf(" The table beside has all %d quantities.", len(e.columns))
		}
	}
}

func (r *Report) drawErrors() {
	const what = "Predicted against true, and residuals"
	switch {
	case r.posteriors == nil:
		return // said already
	case r.posteriors.truth.Rows == 0:
		r.leaveOut(what, errNoPositions)
		return
	}
	for _, part := range []struct {
		of, suffix string
		series
	}{{"bonds and angles", "_bonds", r.posteriors.byInternals}, {"coordinates", "", r.posteriors.byFrame}} {
		s := part.series
		if len(s.columns) == 0 {
			continue
		}
		f, err := PredictedTrue(s.columns, s.truth, s.mean, s.sd)
		r.add("Predicted against true "+part.of, "predicted_true"+part.suffix, f, err)
		f, err = Residuals(s.columns, s.truth, s.mean, s.sd)
		r.add("Residuals of "+part.of, "residuals"+part.suffix, f, err)
	}
}

func (r *Report) drawCalibration() {
	if r.Evaluation == nil {
		return // said already
	}
	if r.Evaluation.SBC == nil {
		r.leaveOut("Rank histograms", errors.New("the evaluation has none; cei evaluate makes it anew"))
	} else {
		f, err := Ranks(r.Evaluation.SBC)
		r.add("Rank histograms", "", f, err)
	}
	f, err := CoverageCurves(r.Evaluation)
	r.add("Coverage curves", "", f, err)
}

func (r *Report) drawMomenta() {
	const newton, dalitz = "Newton plot", "Dalitz plot"
	e := r.options.Events
	if e == nil {
		r.leaveOut("Newton and Dalitz plots", r.options.NoEvents)
		return
	}
	if len(e.Atoms) == 0 {
		r.leaveOut("Newton and Dalitz plots", errNotAtoms)
		return
	}
	f, err := Newton(e.Atoms, e.Momenta, r.reference())
	r.add(newton, "", f, err)
	masses, err := e.Masses()
	if err != nil {
		r.leaveOut(dalitz, err)
		return
	}
	f, err = Dalitz(e.Atoms, masses, e.Momenta)
	r.add(dalitz, "", f, err)
}

var errNotAtoms = errors.New("the columns are not those of atoms")

// reference returns the atom on whose momentum the others are seen: the frame's first axis atom, or else the heaviest.
func (r *Report) reference() int {
	if r.run.Encoding.Frame.Kind != explosion.FrameAsIs {
		return r.run.Encoding.Frame.Axis[0]
	}
	heaviest := 0
	if masses, err := r.options.Events.Masses(); err == nil {
		for i, m := range masses {
			if m > masses[heaviest] {
				heaviest = i
			}
		}
	}
	return heaviest
}

func (r *Report) drawReleases() {
	const what = "Kinetic energy release of the data against that of draws"
	switch {
	case r.posteriors == nil || r.run.Encoding.Plain():
		return // said already
	case r.options.NoRecipe != nil:
		r.leaveOut(what, r.options.NoRecipe)
		return
	case r.posteriors.exploder == nil || r.posteriors.internals == nil:
		r.leaveOut(what, errors.New("no recipe says with which charges draws explode"))
		return
	}
	data, err := releases(r.options.Events)
	if err != nil {
		r.leaveOut(what, err)
		return
	}
	f, err := EnergyRelease(data, r.posteriors.released)
	if p := r.add(what, "", f, err); p != nil {
		p.Caption += fmt.Sprintf(" Data: %s. Draws: %d of each, exploded from rest.", plural(len(data), "event", "events"), min(drawsReleased, r.options.Draws))
		if failed := r.posteriors.failed; failed > 0 {
			p.Caption += fmt.Sprintf(" %s could not be exploded.", plural(failed, "draw", "draws"))
		}
	}
}
