package posterior_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// sigma is the standard deviation of linearEvents' positions under given momenta.
const sigma = 0.2

// linearEvents returns events of a diatomic molecule whose posterior is known: each coordinate of x is that of the
// momentum turned about, plus normal noise of standard deviation sigma. Column z_O never changes.
func linearEvents(t *testing.T, n int, seed uint64) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	positions, momenta := dataset.NewMatrix(n, 6), dataset.NewMatrix(n, 6)
	for i := range n {
		p, x := momenta.Row(i), positions.Row(i)
		for j := range p {
			p[j] = 10 * random.NormFloat64()
		}
		for j := range x {
			x[j] = 1 + 0.05*p[(j+1)%6] + sigma*random.NormFloat64()
		}
		x[5] = 3
	}
	e, err := dataset.NewEvents([]string{"C", "O"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

var kinds = []string{cvae.Kind, cinn.Kind}

// train leaves a run of a small model of that kind on linear events, and returns its directory.
func train(t *testing.T, kind string, rows, epochs int, choices ...func(*trainer.Config)) string {
	t.Helper()
	split, err := dataset.Prepare(linearEvents(t, rows, 3), dataset.Options{Scaler: dataset.ScalerWhiten})
	require.NoError(t, err)
	d, c := int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols)
	at := nn.Placement{DType: binding.Float32, Seed: 5}
	config := trainer.Robust(split.Train.Len())
	config.Epochs, config.Dir = epochs, t.TempDir()
	for _, choose := range choices {
		choose(&config)
	}
	var m trainer.Model
	if kind == cvae.Kind {
		architecture := cvae.Robust(d, c, rows)
		architecture.Hidden = []int64{32, 32}
		model, err := cvae.New(architecture, at)
		require.NoError(t, err)
		defer model.Close()
		m = model
	} else {
		architecture := cinn.Robust(d, c, rows)
		architecture.Hidden, architecture.Couplings = []int64{16, 16}, 6
		model, err := cinn.New(architecture, at)
		require.NoError(t, err)
		defer model.Close()
		m = model
	}
	_, err = trainer.Fit(context.Background(), m, split, config)
	require.NoError(t, err)
	return config.Dir
}
