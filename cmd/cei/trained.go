package main

import (
	"fmt"
	"path/filepath"

	"github.com/gocei/gocei/report"
	"github.com/gocei/gocei/trainer"
)

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
