package cvae

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// fusedConfigs are autoencoders with all options, of odd sizes.
func fusedConfigs() map[string]Config {
	return map[string]Config{
		"reference":               {Dim: 9, Conditions: 9, Latent: 9, Hidden: []int64{128, 128}},
		"learned variance":        {Dim: 5, Conditions: 4, Latent: 3, Hidden: []int64{7, 33}, LearnedVariance: true, Trend: 2},
		"learned prior, warm-up":  {Dim: 3, Conditions: 2, Latent: 5, Hidden: []int64{17, 33, 6}, LearnedPrior: true, KLWarmupEpochs: 4},
		"encoder sees conditions": {Dim: 2, Conditions: 9, Latent: 4, Hidden: []int64{10}, EncoderSeesConditions: true},
		"everything":              {Dim: 9, Conditions: 1, Latent: 9, Hidden: []int64{10}, EncoderSeesConditions: true, LearnedVariance: true, LearnedPrior: true, KLWarmupEpochs: 2},
		"one of each, no layers":  {Dim: 1, Conditions: 1, Latent: 1, LearnedVariance: true, LearnedPrior: true},
		"standard prior, warm-up": {Dim: 3, Conditions: 1, Latent: 2, Hidden: []int64{10}, KLWarmupEpochs: 3},
		"warm-up at its start":    {Dim: 3, Conditions: 1, Latent: 2, Hidden: []int64{10}, LearnedPrior: true, KLWarmupEpochs: 1e9},
	}
}

func forEachFused(t *testing.T, batches []int64, test func(t *testing.T, u subject)) {
	for name, c := range fusedConfigs() {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
			for _, batch := range batches {
				t.Run(fmt.Sprintf("%s/%s/B=%d", name, dtype, batch), func(t *testing.T) {
					bindingtest.NoLeak(t)
					u := modeltest.NewSubject(t, New, c, modeltest.Case{Dim: c.Dim, Conditions: c.Conditions, DType: dtype, Batch: batch})
					modeltest.Perturb(t, u.Model.Params(), 0.05)
					settle(t, u)
					u.Model.Pace(1)
					test(t, u)
				})
			}
		}
	}
}

func TestFusedIsGeneric(t *testing.T) {
	forEachFused(t, []int64{1, 7, 64, 100, 512, 1300}, func(t *testing.T, u subject) { modeltest.FusedIsGeneric(t, u) })
}

func TestFusedOnEachProcessor(t *testing.T) {
	modeltest.OnEachProcessor(t, "^(TestFusedELU|TestFusedIsGeneric|TestFusedBoundIsGeneric|TestFusedShowsWhatIsNoNumber)$/./float/B=(1|7|100)$")
}

func TestFusedByThreads(t *testing.T) {
	forEachFused(t, []int64{2, 100}, modeltest.FusedByThreads[*Model])
}

func TestFusedShowsWhatIsNoNumber(t *testing.T) {
	forEachFused(t, []int64{7}, func(t *testing.T, u subject) { modeltest.FusedShowsWhatIsNoNumber(t, u) })
}

// ε that is not a number is in the loss too, except where nothing of it is left: an infinite one in an ELU's flat part.
func TestFusedShowsNoiseThatIsNoNumber(t *testing.T) {
	forEachFused(t, []int64{7}, func(t *testing.T, u subject) {
		s := bindingtest.Open(t, binding.NoGrad())
		x, y := u.Rows(s)
		epsilon := s.Full(math.NaN(), u.DType, binding.CPU, 7, u.Model.config.Latent)
		assert.True(t, math.IsNaN(bindingtest.Item(t, s, u.Model.lossAndGradientWith(s, x, y, epsilon).Total)))
		s.Zero(u.Model.Params().Gradient())
		require.NoError(t, s.Err())
	})
}

// The bound of the log-density is the same whether it is recorded, and so operation by operation, or not.
func TestFusedBoundIsGeneric(t *testing.T) {
	forEachFused(t, []int64{1, 7, 100}, func(t *testing.T, u subject) {
		for _, k := range []int64{1, 5, 64} {
			s := bindingtest.OpenSeeded(t, 3, binding.NoGrad())
			recording := bindingtest.OpenSeeded(t, 3)
			x, y := u.Rows(s)
			want := bindingtest.Float64s(t, recording, u.Model.bound(recording, x, y, k))
			modeltest.AssertClose(t, want, bindingtest.Float64s(t, s, u.Model.bound(s, x, y, k)), u.Tolerance(), fmt.Sprintf("bound of %d draws", k))
		}
	})
}

// A training with gradients found as one operation goes the way of one with recorded gradients. With CEI_TEST_FULL=1 it does
// so at full size.
func TestFusedTrainsAsGeneric(t *testing.T) {
	full, _ := strconv.ParseBool(os.Getenv("CEI_TEST_FULL"))
	for name, c := range map[string]Config{"reference": Reference(9, 9), "robust": Robust(9, 9, 1000)} {
		batch := int64(512)
		if !full {
			batch, c.Hidden = 24, []int64{16, 16}
		}
		for dtype, tolerance := range map[binding.DType]float64{binding.Float32: 1e-4, binding.Float64: 1e-10} {
			t.Run(fmt.Sprintf("%s/%s", name, dtype), func(t *testing.T) {
				bindingtest.NoLeak(t)
				worst := modeltest.TrainsAlike(t, New, c, modeltest.Case{Dim: 9, Conditions: 9, DType: dtype, Batch: batch}, 200)
				t.Logf("largest relative difference of the loss in 200 steps: %.2g", worst)
				assert.LessOrEqual(t, worst, tolerance)
			})
		}
	}
}
