package trainer_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

func TestFitLearns(t *testing.T) {
	bindingtest.NoLeak(t)
	c := quick()
	c.Epochs = 60
	all := losses(t, smoothSplit(t, 600), c)
	require.Less(t, all[len(all)-1][1], 0.2*all[0][1], "validation loss of the last epoch against the first")
}

func TestSameSeedSameLosses(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	first := losses(t, split, c)
	require.Equal(t, first, losses(t, split, c), "the same seed")
	c.Seed++
	require.NotEqual(t, first, losses(t, split, c), "another seed")
}

func TestBestWeightsAreRestored(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	m := newRegression(t, 1)
	c := quick()
	c.Epochs, c.Patience, c.LearningRate, c.WarmupEpochs = 40, 0, 0.05, 0 // so high that the last epoch is not the best
	var atBest []float64
	best := math.Inf(1)
	c.Progress = func(p trainer.Progress) {
		if p.Metrics != nil && p.Metrics.ValidationLoss < best {
			best, atBest = p.Metrics.ValidationLoss, m.weights(t)
		}
	}
	result, err := trainer.Fit(context.Background(), m, split, c)
	require.NoError(t, err)
	require.Equal(t, best, result.BestLoss)
	require.Equal(t, atBest, m.weights(t))
}

func TestEarlyStopping(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 200)
	m := newRegression(t, 1)
	c := quick()
	c.Epochs, c.Patience, c.LearningRate = 500, 3, 0.2
	c.Schedule = "constant"
	result, err := trainer.Fit(context.Background(), m, split, c)
	require.NoError(t, err)
	require.True(t, result.StoppedEarly)
	require.Equal(t, result.BestEpoch+3, result.Epochs)
}

func TestDivergenceNamesTheEpochAndKeepsTheBestWeights(t *testing.T) {
	for name, value := range map[string]float64{"NaN": math.NaN(), "infinite": math.Inf(1)} {
		t.Run(name, func(t *testing.T) {
			bindingtest.NoLeak(t)
			m := newRegression(t, 1)
			c := quick()
			var best []float64
			c.Progress = func(p trainer.Progress) {
				if p.Metrics != nil && p.Epoch == 2 {
					best = m.weights(t)
					m.wreck = func(s *binding.Scope, loss binding.Tensor) binding.Tensor {
						return s.Mul(loss, s.Full(value, binding.Float32, binding.CPU))
					}
				}
			}
			result, err := trainer.Fit(context.Background(), m, smoothSplit(t, 300), c)
			require.ErrorIs(t, err, trainer.ErrDiverged)
			require.ErrorContains(t, err, "epoch 3")
			require.Equal(t, 2, result.BestEpoch)
			require.Equal(t, best, m.weights(t))
		})
	}
}

func TestGradientsAreClipped(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	free, clipped := quick(), quick()
	free.Adam.ClipNorm, clipped.Adam.ClipNorm = 0, 1e-3
	// Adam undoes a constant factor but for its epsilon: make that matter.
	free.Adam.Epsilon, clipped.Adam.Epsilon = 1, 1
	require.Less(t, losses(t, split, free)[5][0], losses(t, split, clipped)[5][0])
}

func TestRefusals(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	bad := map[string]func(*trainer.Config){
		"epochs":       func(c *trainer.Config) { c.Epochs = 0 },
		"batch":        func(c *trainer.Config) { c.Batch = -1 },
		"patience":     func(c *trainer.Config) { c.Patience = -1 },
		"warm-up":      func(c *trainer.Config) { c.WarmupEpochs = -1 },
		"noise":        func(c *trainer.Config) { c.Noise = -1 },
		"run dir":      func(c *trainer.Config) { c.Resume = true },
		"rate":         func(c *trainer.Config) { c.LearningRate = math.NaN() },
		"is not const": func(c *trainer.Config) { c.Schedule = "steps" },
		"betas":        func(c *trainer.Config) { c.Adam.Beta2 = 1 },
	}
	for says, spoil := range bad {
		c := quick()
		spoil(&c)
		_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
		require.ErrorContains(t, err, says)
	}
}

func TestModelThatDoesNotFitTheData(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	split.Train.Momenta = dataset.Matrix{Rows: split.Train.Momenta.Rows, Cols: 3, Data: split.Train.Momenta.Data[:3*split.Train.Momenta.Rows]}
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, quick())
	require.ErrorIs(t, err, binding.ErrShape)
	require.ErrorContains(t, err, "the model does not fit the data")
}

func TestNoValidationRows(t *testing.T) {
	bindingtest.NoLeak(t)
	split, err := dataset.Prepare(smoothEvents(t, 300), dataset.Options{Fractions: dataset.Fractions{Train: 0.8, Test: 0.2}})
	require.NoError(t, err)
	_, err = trainer.Fit(context.Background(), newRegression(t, 1), split, quick())
	require.ErrorContains(t, err, "rows to validate on")
}

func TestCancellationBetweenSteps(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx, cancel := context.WithCancel(context.Background())
	c := quick()
	steps := 0
	c.Progress = func(p trainer.Progress) {
		if steps++; steps == 3 {
			cancel()
		}
	}
	result, err := trainer.Fit(ctx, newRegression(t, 1), smoothSplit(t, 600), c)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 3, result.Steps)
}

func TestNoiseIsPartOfTraining(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	c.Schedule = "constant"
	without := losses(t, split, c)
	c.Noise = 1
	with := losses(t, split, c)
	require.Greater(t, with[5][0], without[5][0]+0.5, "noise of unit variance adds one to the squared error that training sees")
	require.Less(t, with[5][1], with[5][0], "validation sees no noise")

	c.Schedule = "cosine"
	falling := losses(t, split, c)
	require.Less(t, falling[5][0], with[5][0]-0.5, "noise falls with the learning rate")
}
