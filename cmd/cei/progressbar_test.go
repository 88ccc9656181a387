package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/gocei/gocei/trainer"
)

// The steps before a run was resumed took no time of this process, so they must not make it seem faster than it is.
func TestTimeLeftOfResumedRun(t *testing.T) {
	b := &progressBar{done: 900, start: time.Now().Add(-100 * time.Second)}
	text := strings.TrimSuffix(strings.TrimSpace(b.left(decor.Statistics{Current: 910, Total: 1000})), " left")
	left, err := time.ParseDuration(text)
	require.NoError(t, err, text)
	assert.InDelta(t, 900, left.Seconds(), 90, "10 steps in 100 s, 90 to go")
	assert.Equal(t, " ", b.left(decor.Statistics{Current: 900, Total: 1000}), "no pace yet")
	assert.Equal(t, " ", b.left(decor.Statistics{Current: 1000, Total: 1000, Completed: true}))
	assert.Equal(t, " ", b.left(decor.Statistics{Current: 950, Total: 1000, Aborted: true}))
}

// Beside the figures, 80 columns have room for the epochs, the time left and a bar.
func TestEpochFiguresAreShort(t *testing.T) {
	p := trainer.Progress{
		Epoch: 1000, Epochs: 1000, BestEpoch: 1000, BestLoss: -12.3456,
		Metrics: &trainer.Metrics{TrainLoss: -12.3456, ValidationLoss: -12.3456, EventsPerS: 123456},
	}
	assert.Equal(t, "train -12.35 val -12.35 best -12.35@1000 123k events/s", epochFigures(p))
	assert.Less(t, len(epochFigures(p))+len("1000/1000 [] 10m10s left "), 80)
}

func TestThousands(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.25: "0.25", 12.34: "12.3", 999.4: "999", 999.9: "1k", 1000: "1k", 21543: "21.5k", 999499: "999k", 1.5e6: "1.5M", 2.5e9: "2.5G", 1e15: "1e+06G",
	} {
		assert.Equal(t, want, thousands(x), x)
	}
}

// The bar may be drawn while training goes on, and it ends with a line of its own.
func TestProgressBar(t *testing.T) {
	var drawn strings.Builder
	b := newProgressBar(&drawn)
	for epoch := 1; epoch <= 3; epoch++ {
		for step := 1; step <= 4; step++ {
			b.update(trainer.Progress{Epoch: epoch, Epochs: 5, Step: step, Steps: 4})
		}
		b.update(trainer.Progress{Epoch: epoch, Epochs: 5, Steps: 4, BestEpoch: epoch, Metrics: &trainer.Metrics{Epoch: epoch}})
	}
	b.end()
	lines := strings.Split(drawn.String(), "\n")
	assert.Contains(t, lines[len(lines)-2], "\r3/5 ")
	assert.Contains(t, lines[len(lines)-2], "train 0 val 0")
	assert.Empty(t, lines[len(lines)-1])
}

// A training that never takes a step draws nothing.
func TestProgressBarOfNothing(t *testing.T) {
	var drawn strings.Builder
	newProgressBar(&drawn).end()
	assert.Empty(t, drawn.String())
}
