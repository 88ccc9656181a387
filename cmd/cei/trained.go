package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/report"
	"github.com/gocei/gocei/trainer"
)

// describeSplit tells what the model will see, and which columns it will not.
func describeSplit(s streams, d *dataset.Split) {
	s.note("%d events: %d to train on, %d to validate, %d to test; frame %s",
		d.Train.Len()+d.Validation.Len()+d.Test.Len(), d.Train.Len(), d.Validation.Len(), d.Test.Len(), d.Encoding.Frame.Kind)
	describeScaler(s, "positions", d.Encoding.Positions)
	describeScaler(s, "momenta", d.Encoding.Momenta)
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
	s.note("%s", line)
}

type trained struct {
	Dir            string   `json:"dir"`
	Epochs         int      `json:"epochs"`
	BestEpoch      int      `json:"best_epoch"`
	ValidationLoss float64  `json:"validation_loss"`
	StoppedEarly   bool     `json:"stopped_early"`
	LearningCurve  []string `json:"learning_curve"`
}

func printTrained(s streams, o trainOptions, r *trainer.Result) error {
	t := trained{Dir: o.Out, Epochs: r.Epochs, BestEpoch: r.BestEpoch, ValidationLoss: r.BestLoss, StoppedEarly: r.StoppedEarly}
	for _, name := range report.LearningCurveFiles {
		t.LearningCurve = append(t.LearningCurve, filepath.Join(o.Out, name))
	}
	if o.JSON {
		return printJSON(s.out, t)
	}
	how := ""
	if t.StoppedEarly {
		how = ", stopped early"
	}
	_, err := fmt.Fprintf(s.out, "run            %s\nepochs         %d%s\nbest epoch     %d, validation loss %.6g\nlearning curve %s\n",
		t.Dir, t.Epochs, how, t.BestEpoch, t.ValidationLoss, t.LearningCurve[0])
	return err
}
