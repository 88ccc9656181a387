package trainer_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// sourceFunc is a Source of one function.
type sourceFunc func(ctx context.Context, epoch int) (dataset.Part, error)

func (f sourceFunc) Part(ctx context.Context, epoch int) (dataset.Part, error) { return f(ctx, epoch) }

// simulation makes parts of the smooth law that the tests' events follow.
func simulation(rows int) sourceFunc {
	return func(_ context.Context, epoch int) (dataset.Part, error) {
		random := rand.New(rand.NewPCG(11, uint64(epoch)))
		part := dataset.Part{Positions: dataset.NewMatrix(rows, 6), Momenta: dataset.NewMatrix(rows, 6)}
		for i := range rows {
			x, p := part.Positions.Row(i), part.Momenta.Row(i)
			for j := range p {
				p[j] = random.NormFloat64()
			}
			for j := range x {
				x[j] = math.Sin(p[j]) + 0.3*p[(j+1)%6]
			}
		}
		return part, nil
	}
}

// noLeak fails the test if it leaves native memory or goroutines behind.
func noLeak(t *testing.T) {
	t.Helper()
	bindingtest.NoLeak(t)
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for range 1000 { // one that has said that it is done may take a moment to end
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Errorf("%d goroutines run, before the test %d", runtime.NumGoroutine(), before)
	})
}

func TestSourceThatRepeatsTheTrainingPartChangesNothing(t *testing.T) {
	noLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	offline := losses(t, split, c)
	c.Source = sourceFunc(func(context.Context, int) (dataset.Part, error) { return split.Train, nil })
	require.Equal(t, offline, losses(t, split, c))
	c.Source = simulation(split.Train.Len())
	online := losses(t, split, c)
	require.Equal(t, offline[0], online[0], "epoch 1 trains on the split's training part")
	require.NotEqual(t, offline[1], online[1])
}

// numbered is a model that notes the rows that it is trained on, by the number in their first momentum.
type numbered struct {
	*regression
	t    *testing.T
	last []float64 // of the last loss; a step's own where Progress reports it
	seen map[int]int
}

func (m *numbered) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	var err error
	m.last, err = s.Float64s(s.Narrow(y, 1, 0, 1))
	require.NoError(m.t, err)
	return m.regression.Loss(s, x, s.Scale(y, 1e-4)) // the numbers are in the thousands
}

func (m *numbered) note(p trainer.Progress) {
	if p.Metrics == nil {
		for _, number := range m.last {
			m.seen[int(number)]++
		}
	}
}

// withNumbers gives row i of an epoch's part the number 1000·epoch + i.
func withNumbers(part dataset.Part, epoch int) dataset.Part {
	for i := range part.Len() {
		part.Momenta.Row(i)[0] = float64(1000*epoch + i)
	}
	return part
}

func TestEveryFreshRowIsUsedOnce(t *testing.T) {
	noLeak(t)
	split, dir := smoothSplit(t, 600), t.TempDir() // 7 steps an epoch
	rows := split.Train.Len()
	withNumbers(split.Train, 1)
	c := quick()
	c.Dir, c.Resume = dir, true
	c.Source = sourceFunc(func(ctx context.Context, epoch int) (dataset.Part, error) {
		part, err := simulation(rows)(ctx, epoch)
		return withNumbers(part, epoch), err
	})
	want, seen := map[int]int{}, map[int]int{}
	for epoch := 1; epoch <= c.Epochs; epoch++ {
		for i := range rows {
			want[1000*epoch+i] = 1
		}
	}
	for _, steps := range []int{3, 4, 5, 9, 0} { // within epochs, at their ends, to the last
		m := &numbered{regression: newRegression(t, 1), t: t, seen: seen}
		c.Progress = m.note
		result := fitSteps(t, m, split, c, steps)
		require.EqualValues(t, len(seen), result.EventsSeen)
	}
	require.Equal(t, want, seen)
}

func TestOnlineResumeIsExact(t *testing.T) {
	noLeak(t)
	split := smoothSplit(t, 600) // 7 steps an epoch
	fit := func(dir string, steps int) []float64 {
		c := quick()
		c.Dir, c.Resume, c.Source = dir, true, simulation(split.Train.Len())
		m := newRegression(t, 1)
		fitSteps(t, m, split, c, steps)
		return m.weights(t)
	}
	whole, broken := t.TempDir(), t.TempDir()
	want := fit(whole, 0)
	for _, steps := range []int{1, 6, 7, 3, 14} { // within epochs, at their ends, twice in one
		fit(broken, steps)
	}
	require.Equal(t, want, fit(broken, 0))
	requireSameRun(t, whole, broken)
}

func TestOnlineResumeIsExactWhereverItWasInterrupted(t *testing.T) {
	noLeak(t)
	split, whole := smoothSplit(t, 300), t.TempDir()
	c := quick()
	c.Epochs, c.Resume, c.Source = 3, true, simulation(split.Train.Len())
	c.Dir = whole
	fitSteps(t, newRegression(t, 1), split, c, 0)
	for looks := int64(1); looks < 14; looks++ {
		c.Dir = t.TempDir()
		_, err := trainer.Fit(newMoody(looks), newRegression(t, 1), split, c)
		require.ErrorIs(t, err, context.Canceled, "look %d", looks)
		fitSteps(t, newRegression(t, 1), split, c, 0)
		requireSameRun(t, whole, c.Dir)
	}
}

func TestOnlineRunSaysSo(t *testing.T) {
	noLeak(t)
	split, dir := smoothSplit(t, 300), t.TempDir()
	c := quick()
	c.Dir, c.Source = dir, simulation(split.Train.Len())
	result, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.NoError(t, err)
	require.EqualValues(t, 6*split.Train.Len(), result.EventsSeen)
	run, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	require.Equal(t, &trainer.OnlineConfig{RowsPerEpoch: split.Train.Len()}, run.Online)

	c.Resume, c.Source = true, nil
	_, err = trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.ErrorContains(t, err, "online settings differ")
}

func TestResumeOfAnEndedOnlineRunAsksForNothing(t *testing.T) {
	noLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	c.Dir, c.Resume, c.Source = t.TempDir(), true, simulation(split.Train.Len())
	first := fitSteps(t, newRegression(t, 1), split, c, 0)
	c.Source = sourceFunc(func(context.Context, int) (dataset.Part, error) {
		t.Error("the source was asked")
		return dataset.Part{}, nil
	})
	require.Equal(t, first, fitSteps(t, newRegression(t, 1), split, c, 0))
}

func TestEarlyStoppingEndsTheSource(t *testing.T) {
	noLeak(t)
	split := smoothSplit(t, 200)
	c := quick()
	c.Epochs, c.Patience, c.LearningRate, c.Schedule = 500, 3, 0.5, "constant"
	asked := 0
	c.Source = sourceFunc(func(ctx context.Context, epoch int) (dataset.Part, error) {
		asked = epoch
		return simulation(split.Train.Len())(ctx, epoch)
	})
	result, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.NoError(t, err)
	require.True(t, result.StoppedEarly)
	require.Equal(t, result.BestEpoch+3, result.Epochs)
	require.LessOrEqual(t, asked, result.Epochs+2, "one part waits, the next is not begun before it is taken")
}
