package trainer_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// The weights that are kept are the mean of those after each step, with weights that fall by the decay a step.
func TestAverageIsTheWeightedMeanOfSteps(t *testing.T) {
	bindingtest.NoLeak(t)
	const beta = 0.9
	m := newRegression(t, 1)
	c := quick()
	c.Epochs, c.Average = 1, beta
	var mean []float64
	norm := 0.0
	c.Progress = func(p trainer.Progress) {
		if p.Metrics != nil {
			return
		}
		w := m.weights(t)
		if mean == nil {
			mean = make([]float64, len(w))
		}
		norm = beta*norm + 1
		for i := range w {
			mean[i] = beta*mean[i] + w[i]
		}
	}
	result, err := trainer.Fit(context.Background(), m, smoothSplit(t, 600), c)
	require.NoError(t, err)
	require.Equal(t, 1, result.BestEpoch)
	for i := range mean {
		mean[i] /= norm
	}
	require.InDeltaSlice(t, mean, m.weights(t), 1e-6)
}

// The course of the weights themselves does not depend on the average, and the loss that is told is the average's.
func TestAverageIsJudgedAndTrainsNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 600)
	c := quick()
	c.Epochs, c.LearningRate, c.Schedule, c.WarmupEpochs = 24, 0.1, "constant", 0 // so high that steps are noisy
	own := losses(t, split, c)
	c.Average = 0.98
	averaged := losses(t, split, c)
	better := 0.0
	for i := range own {
		require.Equal(t, own[i][0], averaged[i][0], "training loss of epoch %d", i+1)
		require.NotEqual(t, own[i][1], averaged[i][1])
		if i >= 12 { // the average has left the first weights behind
			better += own[i][1] - averaged[i][1]
		}
	}
	require.Positive(t, better)
}

func TestResumeIsExactWithAverageAndNoise(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	fit := func(dir string, steps int) []float64 {
		c := quick()
		c.Dir, c.Resume, c.Average, c.MomentumNoise = dir, true, 0.95, trainer.MomentumNoise{Relative: 0.02, Absolute: 0.1}
		m := newRegression(t, 1)
		fitSteps(t, m, split, c, steps)
		return m.weights(t)
	}
	whole, broken := t.TempDir(), t.TempDir()
	want := fit(whole, 0)
	for _, steps := range []int{1, 3, 4, 6} {
		fit(broken, steps)
	}
	require.Equal(t, want, fit(broken, 0))
	requireSameRun(t, whole, broken)
	run, err := trainer.ReadRunConfig(whole)
	require.NoError(t, err)
	require.Equal(t, 0.95, run.Training.Average)
	require.Equal(t, trainer.MomentumNoise{Relative: 0.02, Absolute: 0.1}, run.Training.MomentumNoise)
}

func TestBadAverageAndNoiseAreRefused(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	for says, spoil := range map[string]func(*trainer.Config){
		"decay must be in [0,1), got 1":   func(c *trainer.Config) { c.Average = 1 },
		"decay must be in [0,1), got NaN": func(c *trainer.Config) { c.Average = math.NaN() },
		"got -1 relative":                 func(c *trainer.Config) { c.MomentumNoise.Relative = -1 },
		"+Inf absolute":                   func(c *trainer.Config) { c.MomentumNoise.Absolute = math.Inf(1) },
	} {
		c := quick()
		spoil(&c)
		_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
		require.ErrorContains(t, err, says)
	}
}

// Settings without the options are written as they were before there were any, so that older runs resume.
func TestUnusedOptionsAreNotStored(t *testing.T) {
	for _, c := range []trainer.Config{trainer.Reference(), trainer.Robust(1000)} {
		text, err := json.Marshal(c)
		require.NoError(t, err)
		require.NotContains(t, string(text), "momentum_noise")
		require.NotContains(t, string(text), "average")
	}
}
