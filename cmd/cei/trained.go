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

func newTrained(dir string, r *trainer.Result) trained {
	return trained{
		Dir: dir, Epochs: r.Epochs, BestEpoch: r.BestEpoch, ValidationLoss: r.BestLoss, StoppedEarly: r.StoppedEarly,
		LearningCurve: learningCurves(dir),
	}
}

func learningCurves(dir string) (paths []string) {
	for _, name := range report.LearningCurveFiles {
		paths = append(paths, filepath.Join(dir, name))
	}
	return paths
}

func (t trained) epochs() string {
	if t.StoppedEarly {
		return fmt.Sprintf("%d, stopped early", t.Epochs)
	}
	return fmt.Sprint(t.Epochs)
}

func (t trained) best() string {
	return fmt.Sprintf("%d, validation loss %.6g", t.BestEpoch, t.ValidationLoss)
}

func printTrained(s streams, o trainOptions, r *trainer.Result) error {
	t := newTrained(o.Out, r)
	if o.JSON {
		return printJSON(s.out, t)
	}
	_, err := fmt.Fprintf(s.out, "run            %s\nepochs         %s\nbest epoch     %s\nlearning curve %s\n", t.Dir, t.epochs(), t.best(), t.LearningCurve[0])
	return err
}
