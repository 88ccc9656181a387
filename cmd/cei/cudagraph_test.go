package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/trainer"
)

// Both models, with all that changes from step to step.
func TestTrainWithACUDAGraph(t *testing.T) {
	if n, err := binding.CUDADevices(); err != nil || n == 0 {
		t.Skipf("this test needs a CUDA device; there are %d (%v)", n, err)
	}
	data := simulated(t, 400)
	for name, flags := range map[string][]string{
		"cinn":   {"--average", "0.9", "--momentum-noise", "0.01"},
		"linear": {"--permutation", "linear", "--actnorm"},
		"spline": {"--coupling", "spline"},
		"cvae":   {"--kl-warmup-epochs", "1.5", "--prior", "learned"},
	} {
		t.Run(name, func(t *testing.T) {
			model := name
			if name != "cvae" {
				model = "cinn"
			}
			losses := func(more ...string) (all []float64) {
				dir := filepath.Join(t.TempDir(), "run")
				succeed(t, trainArgs(model, data, dir, append(append(more, "--device", "cuda", "--dtype", "float64"), flags...)...)...)
				metrics, err := trainer.ReadMetrics(dir)
				require.NoError(t, err)
				for _, m := range metrics {
					all = append(all, m.TrainLoss, m.ValidationLoss)
				}
				return all
			}
			require.InEpsilonSlice(t, losses(), losses("--cuda-graph"), 1e-8)
		})
	}
}

// Members at once end as those that are trained in turn.
func TestTrainMembersAtOnceWithACUDAGraph(t *testing.T) {
	if n, err := binding.CUDADevices(); err != nil || n == 0 {
		t.Skipf("this test needs a CUDA device; there are %d (%v)", n, err)
	}
	data := simulated(t, 400)
	for _, model := range []string{"cinn", "cvae"} {
		losses := func(atOnce string) (all []float64) {
			dir := filepath.Join(t.TempDir(), "run")
			succeed(t, trainArgs(model, data, dir, "--device", "cuda", "--dtype", "float64", "--cuda-graph", "--members", "4", "--members-at-once", atOnce)...)
			for member := 1; member <= 4; member++ {
				metrics, err := trainer.ReadMetrics(trainer.MemberDir(dir, member))
				require.NoError(t, err)
				for _, m := range metrics {
					all = append(all, m.TrainLoss, m.ValidationLoss)
				}
			}
			return all
		}
		require.InEpsilonSlice(t, losses("1"), losses("3"), 1e-8)
	}
}
