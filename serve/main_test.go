package serve

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// runs are the run directories that the tests serve, by name: molecule, a cINN; wide, a slower one; ensemble, of three; and
// table, a CVAE of any columns; hostile, one whose columns' names are markup.
var runs = map[string]string{}

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "serve")
	if err == nil {
		err = trainAll(folder)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	_ = os.RemoveAll(folder) // the system's own
	os.Exit(code)
}

func trainAll(folder string) error {
	molecule, err := diatomic(200)
	if err != nil {
		return err
	}
	table, err := plainTable(700)
	if err != nil {
		return err
	}
	hostile, err := hostileTable(200)
	if err != nil {
		return err
	}
	flow := func(width int64, couplings int) func(int64, int64, nn.Placement) (trainer.Model, error) {
		return func(d, c int64, at nn.Placement) (trainer.Model, error) {
			a := cinn.Reference(d, c)
			a.Hidden, a.Couplings, a.Clamp, a.ZeroLast = []int64{width, width}, couplings, 1, true
			return cinn.New(a, at)
		}
	}
	autoencoder := func(d, c int64, at nn.Placement) (trainer.Model, error) { return cvae.New(cvae.Robust(d, c, 200), at) }
	for _, run := range []struct {
		name    string
		events  *dataset.Events
		members int
		build   func(d, c int64, at nn.Placement) (trainer.Model, error)
	}{
		{"molecule", molecule, 1, flow(8, 2)}, {"wide", molecule, 1, flow(256, 20)}, {"ensemble", molecule, 3, flow(8, 2)}, {"table", table, 1, autoencoder},
		{"hostile", hostile, 1, autoencoder},
	} {
		runs[run.name] = filepath.Join(folder, run.name)
		if err := train(runs[run.name], run.events, run.members, run.build); err != nil {
			return err
		}
	}
	return nil
}

func train(dir string, events *dataset.Events, members int, build func(d, c int64, at nn.Placement) (trainer.Model, error)) error {
	split, err := dataset.Prepare(events, dataset.Options{})
	if err != nil {
		return err
	}
	c := trainer.Robust(split.Train.Len())
	c.Epochs, c.Dir = 1, dir
	newModel := func(_ int, seed uint64) (trainer.Model, error) {
		return build(int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols), nn.Placement{DType: binding.Float32, Seed: seed})
	}
	if members > 1 {
		_, err = trainer.FitEnsemble(context.Background(), members, newModel, split, c)
		return err
	}
	m, err := newModel(0, 1)
	if err != nil {
		return err
	}
	defer m.(interface{ Close() error }).Close()
	_, err = trainer.Fit(context.Background(), m, split, c)
	return err
}

func numbersOf(n, columns int, seed uint64) (momenta, positions dataset.Matrix) {
	random := rand.New(rand.NewPCG(seed, 1))
	momenta, positions = dataset.NewMatrix(n, columns), dataset.NewMatrix(n, columns)
	for i := range momenta.Data {
		momenta.Data[i] = 10 * random.NormFloat64()
		positions.Data[i] = 1 + 0.05*momenta.Data[i] + 0.2*random.NormFloat64()
	}
	return momenta, positions
}

// diatomic returns events of carbon monoxide, each coordinate of which depends on its own momentum.
func diatomic(n int) (*dataset.Events, error) {
	momenta, positions := numbersOf(n, 6, 3)
	return dataset.NewEvents([]string{"C", "O"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
}

func plainTable(n int) (*dataset.Events, error) {
	conditions, targets := numbersOf(n, 3, 4)
	return dataset.NewPlainEvents([]string{"theta 1", "theta 2", "theta 3"}, []string{"u", "v", "w"}, targets, conditions)
}

// markup does what the tests see, wherever it is taken for more than text.
const markup = `<img src=x onerror="document.title='taken'">`

func hostileTable(n int) (*dataset.Events, error) {
	conditions, targets := numbersOf(n, 2, 5)
	return dataset.NewPlainEvents([]string{"t" + markup, "'; DROP"}, []string{"u" + markup, "$(v)'"}, targets, conditions)
}
