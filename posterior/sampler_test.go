package posterior_test

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// architectures are what Samplers are tried on, and whether their draws are the same to the bit in every batch.
var architectures = []struct {
	name  string
	build func(dim, conditions int64, at nn.Placement) (trainer.Model, error)
	exact bool
}{
	{"cvae reference", func(d, c int64, at nn.Placement) (trainer.Model, error) { return cvae.New(cvae.Reference(d, c), at) }, true},
	{"cvae robust", func(d, c int64, at nn.Placement) (trainer.Model, error) { return cvae.New(cvae.Robust(d, c, 300), at) }, false},
	{"cinn reference", func(d, c int64, at nn.Placement) (trainer.Model, error) {
		a := cinn.Reference(d, c)
		a.Couplings, a.Hidden = 6, []int64{16, 16}
		return cinn.New(a, at)
	}, true},
	{"cinn robust", func(d, c int64, at nn.Placement) (trainer.Model, error) { return cinn.New(cinn.Robust(d, c, 300), at) }, false},
	{"cinn of splines", func(d, c int64, at nn.Placement) (trainer.Model, error) {
		a := cinn.Robust(d, c, 3000)
		a.Couplings, a.Hidden, a.Trend = 4, []int64{16, 16}, 0
		return cinn.New(a, at)
	}, true},
}

// trained leaves members of an architecture, trained a little on linear events, and returns their directory.
func trained(t *testing.T, members int, build func(dim, conditions int64, at nn.Placement) (trainer.Model, error)) string {
	t.Helper()
	split, err := dataset.Prepare(linearEvents(t, 300, 3), dataset.Options{Scaler: dataset.ScalerWhiten})
	require.NoError(t, err)
	config := trainer.Robust(split.Train.Len())
	config.Epochs, config.Dir = 1, t.TempDir()
	newModel := func(_ int, seed uint64) (trainer.Model, error) {
		at := nn.Placement{DType: binding.Float32, Seed: seed}
		return build(int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols), at)
	}
	if members > 1 {
		_, err = trainer.FitEnsemble(context.Background(), members, newModel, split, config)
		require.NoError(t, err)
		return config.Dir
	}
	m, err := newModel(0, 5)
	require.NoError(t, err)
	defer m.(interface{ Close() error }).Close()
	_, err = trainer.Fit(context.Background(), m, split, config)
	require.NoError(t, err)
	return config.Dir
}

// asked is what somebody asks for.
type asked struct {
	events   *dataset.Events
	perEvent int
	seed     uint64
}

func someRequests(t *testing.T) (all []asked) {
	all = append(all, asked{linearEvents(t, 1, 20), 1, 7}, asked{linearEvents(t, 1, 20), 100, 7}, asked{linearEvents(t, 1, 20), 100, 8})
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 20 {
		all = append(all, asked{linearEvents(t, 1+random.IntN(4), uint64(30+i)), 1 + random.IntN(130), uint64(i)})
	}
	return all
}

func (a asked) of(t *testing.T, v *posterior.Inverse) *posterior.Drawing {
	t.Helper()
	d, err := v.NewDrawing(a.events, a.perEvent, a.seed)
	require.NoError(t, err)
	return d
}

func sampler(t *testing.T, v *posterior.Inverse) *posterior.Sampler {
	t.Helper()
	p, err := v.NewSampler()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

func drawsOf(t *testing.T, d *posterior.Drawing) []float64 {
	t.Helper()
	draws, err := d.Draws()
	require.NoError(t, err)
	return draws.Data
}

// alone returns the draws of a request that nobody else is with.
func (a asked) alone(t *testing.T, v *posterior.Inverse) []float64 {
	t.Helper()
	d := a.of(t, v)
	require.NoError(t, sampler(t, v).Draw([]posterior.Part{{Of: d, Rows: d.Left()}}))
	return drawsOf(t, d)
}

// together returns the draws of requests of which random parts are drawn together.
func together(t *testing.T, v *posterior.Inverse, all []asked, seed uint64) (draws [][]float64) {
	t.Helper()
	p, random := sampler(t, v), rand.New(rand.NewPCG(seed, 3))
	drawings := make([]*posterior.Drawing, len(all))
	for i, a := range all {
		drawings[i] = a.of(t, v)
	}
	for left := true; left; {
		var parts []posterior.Part
		left = false
		for _, i := range random.Perm(len(drawings)) {
			if d := drawings[i]; d.Left() > 0 && random.IntN(3) > 0 {
				parts = append(parts, posterior.Part{Of: d, Rows: 1 + random.IntN(200)})
			}
		}
		require.NoError(t, p.Draw(parts))
		for _, d := range drawings {
			left = left || d.Left() > 0
		}
	}
	for _, d := range drawings {
		draws = append(draws, drawsOf(t, d))
	}
	return draws
}

// What a request is answered depends on itself alone: not on its company, nor in how many parts it is drawn.
func TestDrawingsDoNotDependOnTheirCompany(t *testing.T) {
	for _, of := range architectures {
		for members := 1; members <= 3; members += 2 {
			t.Run(of.name, func(t *testing.T) {
				bindingtest.NoLeak(t)
				v, all := open(t, trained(t, members, of.build)), someRequests(t)
				require.Equal(t, members, v.Members())
				for seed := range uint64(3) {
					for i, draws := range together(t, v, all, seed) {
						want := all[i].alone(t, v)
						require.Len(t, draws, all[i].events.Len()*all[i].perEvent*6)
						if of.exact {
							require.Equal(t, want, draws)
						}
						require.InDeltaSlice(t, want, draws, 1e-4)
					}
				}
			})
		}
	}
}

func TestDrawingsDependOnSeedAndMomenta(t *testing.T) {
	bindingtest.NoLeak(t)
	v := open(t, train(t, cinn.Kind, 200, 1))
	a := asked{linearEvents(t, 2, 20), 10, 7}
	draws := a.alone(t, v)
	require.Equal(t, draws, a.alone(t, v))
	first := asked{a.events.SelectRows([]int{0}), 10, 7}.alone(t, v)
	require.InDeltaSlice(t, draws[:len(first)], first, 1e-4, "an event's draws are its own")
	more := asked{a.events, 20, 7}.alone(t, v)
	require.InDeltaSlice(t, draws[:len(first)], more[:len(first)], 1e-4, "more draws go on where fewer end")
	require.NotEqual(t, draws, asked{a.events, 10, 8}.alone(t, v))
	require.NotEqual(t, draws, asked{linearEvents(t, 2, 21), 10, 7}.alone(t, v))
	twice := asked{a.events.SelectRows([]int{0, 0}), 10, 7}.alone(t, v)
	require.NotEqual(t, twice[:len(first)], twice[len(first):], "the same momenta twice are drawn twice")
}

// Drawings have the distribution of Sample.
func TestDrawingsAreFromThePosterior(t *testing.T) {
	const n = 20000
	for _, of := range architectures {
		for members := 1; members <= 3; members += 2 {
			t.Run(of.name, func(t *testing.T) {
				bindingtest.NoLeak(t)
				v, events := open(t, trained(t, members, of.build)), linearEvents(t, 1, 20)
				draws := asked{events, n, 3}.alone(t, v)
				other, err := v.Sample(context.Background(), events, n)
				require.NoError(t, err)
				for j := range 5 {
					mean, sd := stat.MeanStdDev(columnOf(draws, j), nil)
					wantMean, wantSD := stat.MeanStdDev(columnOf(other.Data, j), nil)
					require.InDelta(t, wantMean, mean, 5*math.Sqrt2*wantSD/math.Sqrt(n))
					require.InEpsilon(t, wantSD, sd, 0.1)
				}
			})
		}
	}
}

func columnOf(draws []float64, j int) (column []float64) {
	for ; len(draws) > 0; draws = draws[6:] {
		column = append(column, draws[j])
	}
	return column
}

// Several samplers of one model work at the same time.
func TestSamplersAtOnce(t *testing.T) {
	bindingtest.NoLeak(t)
	v := open(t, train(t, cinn.Kind, 200, 1))
	a := asked{linearEvents(t, 3, 20), 50, 7}
	want := a.alone(t, v)
	var working sync.WaitGroup
	for range 4 {
		working.Add(1)
		go func() {
			defer working.Done()
			for range 20 {
				d, err := v.NewDrawing(a.events, a.perEvent, a.seed)
				if err != nil {
					t.Error(err)
					return
				}
				p, err := v.NewSampler()
				if err != nil {
					t.Error(err)
					return
				}
				if err := p.Draw([]posterior.Part{{Of: d, Rows: 150}}); err != nil {
					t.Error(err)
				}
				if draws, err := d.Draws(); err != nil || draws.Data[100] != want[100] {
					t.Errorf("draws differ, or %v", err)
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	working.Wait()
}

func TestDrawingRefusals(t *testing.T) {
	bindingtest.NoLeak(t)
	v := open(t, train(t, cinn.Kind, 200, 1))
	events := linearEvents(t, 2, 20)
	_, err := v.NewDrawing(events, 0, 1)
	require.ErrorContains(t, err, "want at least one event and one draw, got 2 and 0")
	_, err = v.NewDrawing(events.SelectRows(nil), 1, 1)
	require.ErrorContains(t, err, "got 0 and 1")
	events.Momenta.Data[3] = math.NaN()
	_, err = v.NewDrawing(events, 1, 1)
	require.ErrorContains(t, err, "want a finite number")
	d := asked{linearEvents(t, 2, 20), 3, 1}.of(t, v)
	require.Equal(t, 6, d.Left())
	_, err = d.Draws()
	require.ErrorContains(t, err, "not all made")
}
