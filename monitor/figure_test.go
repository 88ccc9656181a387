package monitor

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/trainer"
)

// The order does not depend on the order of a map.
func TestFiguresAreInOrder(t *testing.T) {
	m := trainer.Metrics{
		Epoch: 3, TrainLoss: 1, ValidationLoss: 2, LearningRate: 3, EventsPerS: 4, Seconds: 9,
		Terms: map[string]float64{"volume": 7, "kl": 5, "normal": 6},
	}
	want := []Figure{{"train_loss", 1}, {"validation_loss", 2}, {"learning_rate", 3}, {"events_per_s", 4}, {"term/kl", 5}, {"term/normal", 6}, {"term/volume", 7}}
	for range 20 {
		assert.Equal(t, want, Figures(m))
	}
	assert.Len(t, Figures(trainer.Metrics{}), 4)
}
