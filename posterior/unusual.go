package posterior

import (
	"fmt"

	"github.com/gocei/gocei/dataset"
)

// Unusual counts events that are unlike the training part (see dataset.Domain). More than FalseAlarms of them say that
// the events are not of the distribution that the model was trained on, and that its posteriors need not hold.
type Unusual struct {
	FalseAlarms float64 `json:"false_alarms"` // the share that is flagged of events that are like the training part, at most
	Distance    float64 `json:"distance"`     // above which an event is flagged
	Events      int     `json:"events"`       // flagged
}

// FalseAlarms is the rate of false alarms that Evaluate judges by, and the command line too.
const FalseAlarms = 0.01

// DomainDistances returns how far the momenta of each event are from those of the training part: Mahalanobis distances of
// the model's conditions. Encoding.Domain.Limit says from where on an event is unlike it. Runs that were trained without a
// validation part do not know, and return nil.
func (v *Inverse) DomainDistances(events *dataset.Events) ([]float64, error) {
	if v.run.Encoding.Domain == nil {
		return nil, nil
	}
	conditions, err := v.run.Encoding.EncodeMomenta(events)
	if err != nil {
		return nil, fmt.Errorf("posterior: check domain: %w", err)
	}
	distances, err := v.run.Encoding.Domain.Distances(conditions)
	if err != nil {
		return nil, fmt.Errorf("posterior: check domain: %w", err)
	}
	return distances, nil
}

// judgeUnusual returns nil where the validation part was too small to tell.
func (v *Inverse) judgeUnusual(events *dataset.Events) (*Unusual, error) {
	distances, err := v.DomainDistances(events)
	if err != nil || distances == nil {
		return nil, err
	}
	limit, err := v.run.Encoding.Domain.Limit(FalseAlarms)
	if err != nil {
		return nil, nil //nolint:nilerr // too few validation events are no fault of these
	}
	u := &Unusual{FalseAlarms: limit.FalseAlarms, Distance: limit.Distance}
	for _, d := range distances {
		if d > limit.Distance {
			u.Events++
		}
	}
	return u, nil
}
