package posterior_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// trainEnsemble leaves an ensemble of three small models of that kind on linear events, and returns its directory.
func trainEnsemble(t *testing.T, kind string) string {
	t.Helper()
	split, err := dataset.Prepare(linearEvents(t, 300, 3), dataset.Options{Scaler: dataset.ScalerWhiten})
	require.NoError(t, err)
	d, c := int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols)
	newModel := func(_ int, seed uint64) (trainer.Model, error) {
		at := nn.Placement{DType: binding.Float32, Seed: seed}
		if kind == cvae.Kind {
			architecture := cvae.Reference(d, c)
			architecture.Hidden = []int64{16}
			return cvae.New(architecture, at)
		}
		architecture := cinn.Robust(d, c, 300)
		architecture.Hidden, architecture.Couplings = []int64{16}, 4
		return cinn.New(architecture, at)
	}
	config := trainer.Robust(split.Train.Len())
	config.Epochs, config.Dir = 3, t.TempDir()
	_, err = trainer.FitEnsemble(context.Background(), 3, newModel, split, config)
	require.NoError(t, err)
	return config.Dir
}

func open(t *testing.T, dir string) *posterior.Inverse {
	t.Helper()
	v, err := posterior.Open(context.Background(), dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

func TestEnsemble(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			bindingtest.NoLeak(t)
			ctx, dir, events := context.Background(), trainEnsemble(t, kind), linearEvents(t, 70, 11)
			v := open(t, dir)
			require.Equal(t, 3, v.Members())
			require.Equal(t, kind, v.Kind())

			t.Run("draws follow from the seed", func(t *testing.T) {
				draws := sample(t, dir, events, 5)
				require.Equal(t, draws.Data, sample(t, dir, events, 5).Data)
				require.NotEqual(t, draws.Data, sample(t, dir, events, 5, posterior.WithSeed(1)).Data)
			})
			t.Run("streamed draws are those of Sample", func(t *testing.T) {
				draws := sample(t, dir, events, 1000) // more than goes through the model at once
				require.NoError(t, v.Each(ctx, events, 1000, func(event int, m dataset.Matrix) error {
					require.Equal(t, draws.Data[event*6000:(event+1)*6000], m.Data)
					return nil
				}))
			})
			t.Run("mean of draws is the mean of the members'", func(t *testing.T) {
				const n = 5000
				of := func(dir string) (mean, square float64) {
					draws := sample(t, dir, events.SelectRows([]int{0}), n)
					for k := range n {
						x := draws.At(0, k)[0]
						mean, square = mean+x/n, square+x*x/n
					}
					return mean, square
				}
				want, most := 0.0, 0.0
				for member := 1; member <= 3; member++ {
					mean, square := of(trainer.MemberDir(dir, member))
					want, most = want+mean/3, max(most, square)
				}
				got, _ := of(dir)
				require.InDelta(t, want, got, 5*math.Sqrt(2*most/n))
			})
			t.Run("summaries", func(t *testing.T) {
				n := 0
				require.NoError(t, v.Summaries(ctx, events, posterior.SummaryOptions{Draws: 50}, func(_ int, s posterior.Summary) error {
					n++
					return nil
				}))
				require.Equal(t, 70, n)
			})
			t.Run("evaluation", func(t *testing.T) {
				e, err := v.Evaluate(ctx, events, posterior.EvaluateOptions{Draws: 20})
				require.NoError(t, err)
				require.Equal(t, []any{kind, 3}, []any{e.Model, e.Members})
			})
		})
	}
}

// What Open makes of an ensemble has the mean of its members' densities.
func TestEnsembleDensity(t *testing.T) {
	bindingtest.NoLeak(t)
	dir, events := trainEnsemble(t, cinn.Kind), linearEvents(t, 50, 11)
	of := func(dir string) []float64 {
		logs, err := open(t, dir).LogDensity(context.Background(), events)
		require.NoError(t, err)
		return logs
	}
	mean := make([]float64, events.Len())
	for member := 1; member <= 3; member++ {
		for i, l := range of(trainer.MemberDir(dir, member)) {
			mean[i] += math.Exp(l) / 3
		}
	}
	for i, l := range of(dir) {
		require.InDelta(t, math.Log(mean[i]), l, 1e-4)
	}
}

func TestOpenNamesTheMemberThatIsWrong(t *testing.T) {
	bindingtest.NoLeak(t)
	dir := trainEnsemble(t, cinn.Kind)
	weights := filepath.Join(trainer.MemberDir(dir, 2), trainer.ModelFile)
	require.NoError(t, os.WriteFile(weights, []byte("garbage"), 0o600))
	_, err := posterior.Open(context.Background(), dir)
	require.ErrorContains(t, err, weights)
	require.NoError(t, os.Remove(weights))
	_, err = posterior.Open(context.Background(), dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, weights)
	require.NoError(t, os.RemoveAll(trainer.MemberDir(dir, 3)))
	_, err = posterior.Open(context.Background(), dir)
	require.ErrorContains(t, err, "is "+trainer.MemberDir(dir, 3)+" a run directory?")
}
