package posterior

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// Predictive is the posterior-predictive error: draws are exploded, and their momenta compared with those of their
// event. The error is |p(draw) - p(event)| / |p(event)| with all ions' momenta in one vector, in the frame's axes. It
// needs no true positions. Draws are exploded from rest and measured without noise, whatever the recipe says, so that
// motion and noise of the events are part of the error.
type Predictive struct {
	Events      int     `json:"events"`
	Draws       int     `json:"draws"`        // an event
	Failed      int     `json:"failed"`       // draws that could not be exploded, as where two atoms meet
	Median      float64 `json:"median"`       // of the relative error over all draws
	MedianError float64 `json:"median_error"` // standard error, from ten parts of the events
	P95         float64 `json:"p95"`          // the 95 % quantile
	P95Error    float64 `json:"p95_error"`
}

// predictiveDraws is how many draws of an event are exploded: the spread over the events is larger than that of more.
const predictiveDraws = 10

// Predict explodes up to perEvent draws of each event by the recipe, which must be of the run's molecule. Where it has
// several channels of charges, the events must say theirs, in columns q_C, q_O, …
func (v *Inverse) Predict(ctx context.Context, events *dataset.Events, r explosion.Recipe, perEvent int) (*Predictive, error) {
	j, err := newPredictiveJudge(v.run.Encoding, events, r)
	if err != nil {
		return nil, fmt.Errorf("posterior: predict momenta: %w", err)
	}
	j.most = perEvent
	err = v.Each(ctx, events, perEvent, func(event int, draws dataset.Matrix) error {
		cartesian, err := v.run.Encoding.CartesianPositions(draws)
		if err != nil {
			return err
		}
		j.add(event, cartesian)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return j.report(), nil
}

// predictiveJudge explodes the draws of one event after the other.
type predictiveJudge struct {
	exploder *exploder
	most     int // draws of an event
	events   int
	draws    int
	failed   int
	errors   [parts]quantileSketch // every tenth event
}

const parts = 10

func newPredictiveJudge(c dataset.Encoding, events *dataset.Events, r explosion.Recipe) (*predictiveJudge, error) {
	x, err := newExploder(c, events, r)
	if err != nil {
		return nil, err
	}
	return &predictiveJudge{exploder: x, most: predictiveDraws}, nil
}

// add takes the draws of an event in Cartesian positions.
func (j *predictiveJudge) add(event int, draws dataset.Matrix) {
	part := &j.errors[j.events%parts]
	j.events++
	j.draws = min(draws.Rows, j.most)
	for i := range j.draws {
		if off, exploded := j.exploder.mismatch(event, draws.Row(i)); exploded {
			part.add(off)
		} else {
			j.failed++
		}
	}
}

func (j *predictiveJudge) report() *Predictive {
	p := &Predictive{Events: j.events, Draws: j.draws, Failed: j.failed}
	var all quantileSketch
	for i := range j.errors {
		all.merge(&j.errors[i])
	}
	p.Median, p.MedianError = all.quantile(0.5), spreadOfQuantile(j.errors[:], 0.5)
	p.P95, p.P95Error = all.quantile(0.95), spreadOfQuantile(j.errors[:], 0.95)
	return p
}
