package trainer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// process is what one process of a group trains.
type process struct {
	model  *regression
	split  *dataset.Split
	config trainer.Config
	ctx    context.Context

	result  *trainer.Result
	metrics []trainer.Metrics
	err     error
}

// losses are the figures that must be the same however many processes there are.
func (p *process) losses() (all []float64) {
	for _, m := range p.metrics {
		all = append(all, m.TrainLoss, m.Terms["squares"], m.ValidationLoss, m.LearningRate)
	}
	return all
}

// together trains in as many goroutines as there are processes. set changes what a process is given.
func together(t *testing.T, size int, split *dataset.Split, c trainer.Config, set func(rank int, p *process)) []*process {
	t.Helper()
	all := make([]*process, size)
	for rank := range all {
		p := &process{model: newPrecise(t, 1), split: split, config: c, ctx: context.Background()}
		p.config.Progress = func(progress trainer.Progress) {
			if progress.Metrics != nil {
				p.metrics = append(p.metrics, *progress.Metrics)
			}
		}
		if set != nil {
			set(rank, p)
		}
		all[rank] = p
	}
	for rank, err := range bindingtest.InGroup(t, size, func(g *binding.Group) error {
		p := all[g.Rank()]
		p.config.Group = g
		p.result, p.err = trainer.Fit(p.ctx, p.model, p.split, p.config)
		return p.err
	}) {
		require.Equal(t, all[rank].err, err, "process %d left the group", rank)
	}
	return all
}

func TestTheSameLossesWithAnyNumberOfProcesses(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300) // 210 rows to train on
	short := everything()
	short.Batch = 69 // the last batch has 3 rows
	divided := everything()
	divided.MicroBatch = 7
	source := everything()
	source.Source = simulation(210)
	for name, c := range map[string]trainer.Config{"everything": everything(), "quick": quick(), "short last batch": short, "micro-batches": divided, "source": source} {
		alone := c
		alone.MicroBatch = 0
		want := curve(t, newPrecise(t, 1), split, alone)
		for _, size := range []int{1, 2, 3, 4} {
			all := together(t, size, split, c, nil)
			for rank, p := range all {
				require.NoError(t, p.err, "%s, process %d of %d", name, rank, size)
				require.InEpsilonSlice(t, want, p.losses(), 1e-11, "%s, process %d of %d", name, rank, size)
				require.Equal(t, all[0].losses(), p.losses(), "the same bits in all processes")
				require.Equal(t, all[0].result, p.result)
				require.Equal(t, all[0].model.weights(t), p.model.weights(t))
			}
		}
	}
}

// stopAfter interrupts a process when it has done so many steps.
func (p *process) stopAfter(steps int) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.ctx = ctx
	before := p.config.Progress
	p.config.Progress = func(progress trainer.Progress) {
		before(progress)
		if progress.Metrics == nil {
			if steps--; steps == 0 {
				cancel()
			}
		}
	}
}

func TestResumeWithAnotherNumberOfProcesses(t *testing.T) {
	bindingtest.NoLeak(t)
	bindingtest.NeedGroups(t)
	split, c, dir := smoothSplit(t, 600), everything(), t.TempDir() // 7 steps an epoch
	want := curve(t, newPrecise(t, 1), split, c)
	kept := func(rank int, p *process) {
		if rank == 0 {
			p.config.Dir, p.config.Resume = dir, true
		}
	}
	for i, size := range []int{1, 3, 2, 1, 4} {
		interrupted := (i + 1) % size // any process may be the one
		for rank, p := range together(t, size, split, c, func(rank int, p *process) {
			kept(rank, p)
			if rank == interrupted {
				p.stopAfter(5)
			}
		}) {
			if rank == interrupted {
				require.ErrorIs(t, p.err, context.Canceled)
			} else {
				require.ErrorIs(t, p.err, trainer.ErrInterrupted)
			}
			require.EqualValues(t, 6*(i+1), p.result.Steps, "all end after the step in which they learn of it")
		}
	}
	for _, p := range together(t, 2, split, c, kept) {
		require.NoError(t, p.err)
	}
	var got []float64
	metrics, err := trainer.ReadMetrics(dir)
	require.NoError(t, err)
	for _, m := range metrics {
		got = append(got, m.TrainLoss, m.Terms["squares"], m.ValidationLoss, m.LearningRate)
	}
	require.InEpsilonSlice(t, want, got, 1e-11)
}

// All but the one that fails are told why, and process 0 keeps what was trained up to then.
func TestALostProcessEndsTheOthers(t *testing.T) {
	bindingtest.NoLeak(t)
	bindingtest.NeedGroups(t)
	split, c, dir := smoothSplit(t, 600), everything(), t.TempDir()
	want := curve(t, newPrecise(t, 1), split, c)
	for _, steps := range []int{1, 5, 9} {
		all := together(t, 3, split, c, func(rank int, p *process) {
			if rank == 0 {
				p.config.Dir, p.config.Resume = dir, true
			}
			calls := 0
			p.model.sized = func(s *binding.Scope, rows int64) {
				if calls++; rank == 2 && calls == steps {
					s.Fail(errors.New("the cable was cut"))
				}
			}
		})
		require.ErrorContains(t, all[2].err, "the cable was cut")
		for _, p := range all[:2] {
			if steps > 1 { // in the first call the model is tried, and nothing is trained
				require.ErrorIs(t, p.err, binding.ErrPeer)
			}
			require.ErrorContains(t, p.err, "process 2 of 3 left: ")
			require.ErrorContains(t, p.err, "the cable was cut")
		}
	}
	var got []float64
	for _, p := range together(t, 1, split, c, func(_ int, p *process) { p.config.Dir, p.config.Resume = dir, true }) {
		require.NoError(t, p.err)
	}
	metrics, err := trainer.ReadMetrics(dir)
	require.NoError(t, err)
	for _, m := range metrics {
		got = append(got, m.TrainLoss, m.Terms["squares"], m.ValidationLoss, m.LearningRate)
	}
	require.InEpsilonSlice(t, want, got, 1e-11)
}

func TestProcessesThatWouldTrainSomethingElse(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	other := smoothSplit(t, 300)
	other.Validation.Momenta.Data[7] += 1e-9
	for want, set := range map[string]func(p *process){
		"has other data than process 0":              func(p *process) { p.split = other },
		"has other training settings than process 0": func(p *process) { p.config.Seed++ },
		"has other element type than process 0":      func(p *process) { p.model = newRegression(t, 1) },
	} {
		for _, p := range together(t, 3, split, quick(), func(rank int, p *process) {
			if rank == 1 {
				set(p)
			}
		}) {
			require.ErrorContains(t, p.err, "trainer: process 1 of 3 "+want)
		}
	}
}

func TestSourcesThatDiffer(t *testing.T) {
	noLeak(t)
	for _, p := range together(t, 2, smoothSplit(t, 300), quick(), func(rank int, p *process) {
		p.config.Source = sourceFunc(func(ctx context.Context, epoch int) (dataset.Part, error) {
			if epoch == 4 {
				epoch += rank
			}
			return simulation(210)(ctx, epoch)
		})
	}) {
		require.ErrorContains(t, p.err, "trainer: process 1 of 2 has other events for epoch 4 than process 0")
	}
}

// A process that waits for its source when another is interrupted does not go on alone.
func TestInterruptedWhileWaitingForASource(t *testing.T) {
	noLeak(t)
	for rank, p := range together(t, 2, smoothSplit(t, 300), quick(), func(rank int, p *process) {
		ctx, cancel := context.WithCancel(p.ctx)
		p.ctx = ctx
		p.config.Source = sourceFunc(func(ctx context.Context, epoch int) (dataset.Part, error) {
			if rank == 1 && epoch == 3 {
				cancel()
				time.Sleep(10 * time.Millisecond)
			}
			return simulation(210)(ctx, epoch)
		})
		t.Cleanup(cancel)
	}) {
		require.ErrorIs(t, p.err, []error{trainer.ErrInterrupted, context.Canceled}[rank])
	}
}

func TestEnsembleOfProcesses(t *testing.T) {
	bindingtest.NoLeak(t)
	bindingtest.NeedGroups(t)
	split, c := smoothSplit(t, 300), quick()
	c.Epochs = 2
	dirs := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	models := map[[2]int]*regression{}
	for rank := range 3 {
		for member := 1; member <= 2; member++ {
			models[[2]int{rank, member}] = newPrecise(t, trainer.MemberSeed(c.Seed, member))
		}
	}
	fit := func(rank int, dir string, c trainer.Config) error {
		c.Dir = dir
		_, err := trainer.FitEnsemble(context.Background(), 2, func(member int, _ uint64) (trainer.Model, error) {
			return models[[2]int{rank, member}], nil
		}, split, c)
		return err
	}
	require.NoError(t, fit(2, dirs[2], c))
	for _, resume := range []bool{false, true} {
		for _, err := range bindingtest.InGroup(t, 2, func(g *binding.Group) error {
			c := c
			c.Group, c.Resume = g, resume
			return fit(g.Rank(), dirs[g.Rank()], c)
		}) {
			require.NoError(t, err)
		}
	}
	for member := 1; member <= 2; member++ {
		want, got := course(t, trainer.MemberDir(dirs[2], member)), course(t, trainer.MemberDir(dirs[0], member))
		require.Len(t, got, len(want))
		for i := range want {
			require.InEpsilonSlice(t, want[i][:], got[i][:], 1e-11)
		}
	}
	assert.NoDirExists(t, trainer.MemberDir(dirs[1], 1), "process 0 alone writes")
}

func TestWhatGraphsCannotDo(t *testing.T) {
	bindingtest.NoLeak(t)
	c := quick()
	c.Graph, c.MicroBatch = true, 4
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), smoothSplit(t, 300), c)
	require.ErrorContains(t, err, "micro-batches")
	c.MicroBatch = 0
	c.Group = trainer.NewSeat(1, 2)
	_, err = trainer.Fit(context.Background(), newRegression(t, 1), smoothSplit(t, 300), c)
	require.ErrorContains(t, err, "over several processes")
	c.Graph, c.Group, c.MicroBatch = false, nil, -1
	_, err = trainer.Fit(context.Background(), newRegression(t, 1), smoothSplit(t, 300), c)
	require.ErrorContains(t, err, "micro-batch must not be negative")
}
