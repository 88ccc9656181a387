package trainer_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/trainer"
)

// everything is a training with all that a step can do, and a last batch that is short.
func everything() trainer.Config {
	c := quick()
	c.Noise, c.Average, c.MomentumNoise = 0.1, 0.9, trainer.MomentumNoise{Relative: 0.1, Absolute: 0.01}
	c.Adam.ClipNorm = 0.5
	return c
}

// Only Adam's rounding differs: the same numbers are drawn, by the same rows, at the same rates.
func TestCapturedStepsTrainLikePlainOnes(t *testing.T) {
	split := smoothSplit(t, 600) // 7 steps an epoch, of which 6 are full
	withoutNoise, withoutAverage := everything(), everything()
	withoutNoise.Noise, withoutAverage.Average = 0, 0
	for name, c := range map[string]trainer.Config{"quick": quick(), "everything": everything(), "no noise": withoutNoise, "no average": withoutAverage} {
		t.Run(name, func(t *testing.T) {
			bindingtest.NoLeak(t)
			want := losses(t, split, c)
			var tape trainer.Tape
			tape.RecordOn(&c)
			got := losses(t, split, c)
			for i := range want {
				require.InEpsilonSlice(t, want[i][:], got[i][:], 1e-4, "training and validation loss of epoch %d", i+1)
			}
			require.Equal(t, [3]int{3, 1, 6*6 - 3}, [3]int{tape.Warmed, tape.Captured, tape.Replayed}, "warm-ups, captures, replays")
			require.True(t, tape.Closed)
		})
	}
}

// scribe is a graph that keeps what it was told to capture.
type scribe struct {
	*binding.Graph
	branches   int
	generators []*binding.Generator
	inBranches bool
}

func (g *scribe) Capture(do func() error, generators ...*binding.Generator) error {
	g.generators = generators
	if !g.inBranches {
		return nil
	}
	return do()
}

func (g *scribe) Branch(func() error) error {
	g.branches++
	return nil
}

// A step alone needs no branch.
func TestCaptureIsToldTheGenerators(t *testing.T) {
	one, two := new(binding.Generator), new(binding.Generator)
	var alone scribe
	require.NoError(t, trainer.CaptureSteps(&alone, one))
	require.Equal(t, scribe{generators: []*binding.Generator{one}}, alone)
	beside := scribe{inBranches: true}
	require.NoError(t, trainer.CaptureSteps(&beside, one, two))
	require.Equal(t, scribe{generators: []*binding.Generator{one, two}, branches: 2, inBranches: true}, beside)
	require.Same(t, two, beside.generators[1])
}

// A training part smaller than a batch has one batch, which is as full as it gets.
func TestOneBatchAnEpochIsCaptured(t *testing.T) {
	bindingtest.NoLeak(t)
	c := quick()
	c.Batch = 1000
	var tape trainer.Tape
	tape.RecordOn(&c)
	losses(t, smoothSplit(t, 300), c)
	require.Equal(t, 3, tape.Replayed)
}

// After an interruption, the first steps are warm-ups again, which is the same.
func TestResumeWithCapturedStepsIsExact(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 600)
	whole, broken := t.TempDir(), t.TempDir()
	fitTo := func(dir string, steps int) {
		c := everything()
		c.Dir, c.Resume = dir, true
		new(trainer.Tape).RecordOn(&c)
		fitSteps(t, newRegression(t, 1), split, c, steps)
	}
	fitTo(whole, 0)
	for _, steps := range []int{1, 6, 5, 3, 0} {
		fitTo(broken, steps)
	}
	requireSameRun(t, whole, broken)
}

func TestResumeWithAndWithoutGraph(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 300), t.TempDir()
	fitUntil(t, split, dir, 2)
	c := quick()
	c.Dir, c.Resume = dir, true
	new(trainer.Tape).RecordOn(&c)
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.ErrorContains(t, err, "its training settings differ")
}

// A capture that fails ends the training: nothing goes on more slowly, unnoticed.
func TestCaptureThatFails(t *testing.T) {
	bindingtest.NoLeak(t)
	c := quick()
	refused := errors.New("the stream is of no use")
	tape := trainer.Tape{Refuse: func(int) error { return refused }}
	tape.RecordOn(&c)
	result, err := trainer.Fit(context.Background(), newRegression(t, 1), smoothSplit(t, 600), c)
	require.ErrorIs(t, err, refused)
	require.ErrorContains(t, err, "trainer: epoch 1, step 4: capture the step in a CUDA graph: ")
	require.EqualValues(t, 3, result.Steps)
	require.True(t, tape.Closed)
}

func TestGraphOnTheCPU(t *testing.T) {
	bindingtest.NoLeak(t)
	c := quick()
	c.Graph = true
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), smoothSplit(t, 300), c)
	require.ErrorIs(t, err, binding.ErrDevice)
	require.EqualError(t, err, "trainer: prepare the CUDA graph: binding: new graph: a CUDA graph needs a CUDA device, not cpu")
}

// paced is a model whose loss falls with the epochs until steady.
type paced struct {
	*regression
	epochs float64
}

func (m *paced) Pace(epochs float64) { m.epochs = epochs }

func (m *paced) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	loss := m.regression.Loss(s, x, y)
	loss.Total = s.Scale(loss.Total, 1+max(0, 2.5-m.epochs))
	return loss
}

// steadied tells so.
type steadied struct{ paced }

func (m *steadied) SteadyAfter() float64 { return 2.5 }

func TestStepsWithAPaceAreNotCaptured(t *testing.T) {
	bindingtest.NoLeak(t)
	split, c := smoothSplit(t, 600), quick()
	var tape trainer.Tape
	tape.RecordOn(&c)
	_, err := trainer.Fit(context.Background(), &paced{regression: newRegression(t, 1)}, split, c)
	require.ErrorContains(t, err, "does not tell until when (Steadied)")
	_, err = trainer.Fit(context.Background(), &steadied{paced{regression: newRegression(t, 1)}}, split, c)
	require.NoError(t, err)
	const captured = 2 + 3*6 // of epoch 3, the steps from the fifth on; of the later epochs, all that are full
	require.Equal(t, captured-3, tape.Replayed)
}

// On a CUDA device, the graph itself.
func TestGraphOnADevice(t *testing.T) {
	if n, err := binding.CUDADevices(); err != nil || n == 0 {
		t.Skipf("this test needs a CUDA device; there are %d (%v)", n, err)
	}
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 600)
	fit := func(graph bool) (all []float64) {
		c := everything()
		c.Graph = graph
		c.Progress = func(p trainer.Progress) {
			if p.Metrics != nil {
				all = append(all, p.Metrics.TrainLoss, p.Metrics.ValidationLoss)
			}
		}
		_, err := trainer.Fit(context.Background(), newRegressionOn(t, binding.CUDA(0), 1), split, c)
		require.NoError(t, err)
		return all
	}
	require.InEpsilonSlice(t, fit(false), fit(true), 1e-4)
}
