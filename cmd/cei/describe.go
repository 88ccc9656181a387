package main

import (
	"fmt"
	"strings"

	"github.com/gocei/gocei/dataset"
)

// describeSplit tells what the model will see, and which columns it will not.
func describeSplit(s streams, d *dataset.Split) {
	train := d.Train.Len() + d.Later
	s.note("%d events: %d to train on, %d to validate, %d to test; frame %s",
		train+d.Validation.Len()+d.Test.Len(), train, d.Validation.Len(), d.Test.Len(), d.Encoding.Frame.Kind)
	if d.Added > 0 {
		s.note("%d of the events to train on were added", d.Added)
	}
	w := wordsOf(d.Encoding)
	describeScaler(s, w.positions, d.Encoding.Positions)
	describeScaler(s, w.momenta, d.Encoding.Momenta)
}

func describeScaler(s streams, what string, c dataset.Scaler) {
	var constant, dependent []string
	for _, column := range c.Constant {
		constant = append(constant, c.Columns[column.Column])
	}
	for _, column := range c.Dependent {
		dependent = append(dependent, c.Columns[column.Column])
	}
	line := fmt.Sprintf("%s: %d of %d columns are independent", what, c.Dim(), len(c.Columns))
	if len(constant) > 0 {
		line += "; constant: " + strings.Join(constant, " ")
	}
	if len(dependent) > 0 {
		line += "; dependent: " + strings.Join(dependent, " ")
	}
	for _, b := range c.Bounded {
		line += fmt.Sprintf("; %s between %g and %g", c.Columns[b.Column], b.Low, b.High)
	}
	s.note("%s", line)
}

// warnConditioning tells where the axes of the frame are ill-defined, and which would be better.
func warnConditioning(s streams, c dataset.Encoding, events *dataset.Events) error {
	if c.Plain() {
		return nil // nothing has axes
	}
	conditioning, err := c.Conditioning(events)
	if err != nil {
		return err
	}
	for _, warning := range conditioning.Warnings() {
		s.note("warning: %s (--axis chooses others)", warning)
	}
	return nil
}
