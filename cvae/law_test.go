package cvae

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

type (
	law     = modeltest.Law[*Model]
	subject = modeltest.Subject[*Model]
)

// TestLaws holds every variant of the model to the laws of all families, and to those of a conditional variational
// autoencoder. What a model settled on is part of it.
func TestLaws(t *testing.T) {
	own := []law{
		{Name: "shapes follow the batch", Holds: latentShapesFollowTheBatch},
		{Name: "the loss is the sum of its terms", Holds: termsAreCostAndDivergence},
		{Name: "a row is alone", Holds: aRowsDivergenceIsAlone},
		{Name: "draws follow the seed", Holds: boundFollowsTheSeed},
	}
	robust := func(dim, conditions int64) Config { return Robust(dim, conditions, 1000) }
	withWarmup := func(config func(dim, conditions int64) Config) func(dim, conditions int64) Config {
		return func(dim, conditions int64) Config {
			c := config(dim, conditions)
			c.KLWarmupEpochs = 5
			return c
		}
	}
	standard := func(dim, conditions int64) Config {
		c := robust(dim, conditions)
		c.LearnedPrior = false
		return c
	}
	for preset, config := range map[string]func(dim, conditions int64) Config{
		"reference": Reference, "robust with standard prior": standard, "robust with warm-up": withWarmup(robust),
	} {
		for _, of := range modeltest.Cases() {
			t.Run(fmt.Sprintf("%s/D=%d,C=%d/%s/B=%d", preset, of.Dim, of.Conditions, of.DType, of.Batch), func(t *testing.T) {
				bindingtest.NoLeak(t)
				u := modeltest.NewSubject(t, New, config(of.Dim, of.Conditions), of)
				modeltest.Perturb(t, u.Model.Params(), 0.05)
				settle(t, u)
				u.Hold(t, own...)
			})
		}
	}
}

// settle shows the model other rows than those that it is tested on.
func settle(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := modeltest.Normal(s, u.DType, 20, 500, u.Dim), modeltest.Normal(s, u.DType, 21, 500, u.Conditions)
	require.NoError(t, u.Model.Start(s, x, y))
	require.NoError(t, u.Model.Settle(t.Context(), s, x, y))
}

func latentShapesFollowTheBatch(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	q := u.Model.encode(s, u.Model.residual(s, x, y), y)
	latent := []int64{u.Batch, u.Model.config.Latent}
	assert.Equal(t, latent, bindingtest.Shape(t, s, q.mean))
	assert.Equal(t, latent, bindingtest.Shape(t, s, q.logVariance))
	assert.Equal(t, []int64{u.Batch}, bindingtest.Shape(t, s, q.divergence(s)))
	assert.Equal(t, []int64{u.Batch, u.Dim}, bindingtest.Shape(t, s, u.Model.Decode(s, q.mean, y)))
}

func termsAreCostAndDivergence(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	terms := u.Model.Loss(s, x, y).Terms
	require.Len(t, terms, 2)
	assert.Equal(t, "reconstruction", terms[0].Name)
	assert.Equal(t, "kl", terms[1].Name)
	assert.Positive(t, bindingtest.Item(t, s, terms[1].Value))
}

func aRowsDivergenceIsAlone(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	row := u.Batch / 2
	all := bindingtest.Float64s(t, s, u.Model.encode(s, u.Model.residual(s, x, y), y).divergence(s))
	x1, y1 := s.Narrow(x, 0, row, 1), s.Narrow(y, 0, row, 1)
	alone := bindingtest.Float64s(t, s, u.Model.encode(s, u.Model.residual(s, x1, y1), y1).divergence(s))
	modeltest.AssertClose(t, all[row:row+1], alone, u.Tolerance(), "divergence of a row without the others")
}

func boundFollowsTheSeed(t *testing.T, u subject) {
	assert.NotEqual(t, u.LogProb(t, 7), u.LogProb(t, 8))
}
