package monitor

import (
	"maps"
	"slices"

	"github.com/gocei/gocei/trainer"
)

// Figure is one number of an epoch.
type Figure struct {
	Name  string
	Value float64
}

// Figures returns an epoch's figures, always in the same order: train_loss, validation_loss, learning_rate, events_per_s,
// and each term of the training loss as term/NAME.
func Figures(m trainer.Metrics) []Figure {
	all := []Figure{
		{"train_loss", m.TrainLoss},
		{"validation_loss", m.ValidationLoss},
		{"learning_rate", m.LearningRate},
		{"events_per_s", m.EventsPerS},
	}
	for _, name := range slices.Sorted(maps.Keys(m.Terms)) {
		all = append(all, Figure{"term/" + name, m.Terms[name]})
	}
	return all
}
