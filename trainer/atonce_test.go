package trainer_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/trainer"
)

// atOnce is an ensemble's training of which some members are under way at once, on a tape.
func atOnce(dir string, members int, tape *trainer.Tape) trainer.Config {
	c := everything()
	c.Epochs, c.Seed, c.Dir, c.Resume, c.MembersAtOnce = 4, 4, dir, true, members
	tape.RecordOn(&c)
	return c
}

// inTurn trains an ensemble of small models, one after the other.
func inTurn(t *testing.T, members int, change func(c *trainer.Config)) string {
	t.Helper()
	dir := t.TempDir()
	c := atOnce(dir, 1, new(trainer.Tape))
	if change != nil {
		change(&c)
	}
	fitEnsemble(t, members, smoothSplit(t, 300), c)
	return dir
}

// earlyStopping lets members end at different epochs.
func earlyStopping(c *trainer.Config) { c.Epochs, c.Patience, c.LearningRate = 9, 1, 0.02 }

func epochsOf(results []*trainer.Result) (all []int) {
	for _, r := range results {
		all = append(all, r.Epochs)
	}
	return all
}

func TestMembersAtOnceAreThoseAlone(t *testing.T) {
	split := smoothSplit(t, 300) // 4 steps an epoch, of which the last is short
	rows := split.Train.Len()
	where := func(seed uint64) nn.Placement { return nn.Placement{DType: binding.Float32, Seed: seed} }
	flow, spline, vae, warming := cinn.Robust(6, 6, rows), cinn.Robust(6, 6, 5000), cvae.Robust(6, 6, rows), cvae.Reference(6, 6)
	flow.ActNorm, spline.Couplings, spline.Hidden, warming.KLWarmupEpochs = true, 2, []int64{8}, 1.3
	vae.Hidden, warming.Hidden = []int64{16}, []int64{16}
	for name, of := range map[string]struct {
		rate     float64 // at which members end at different epochs
		newModel func(int, uint64) (trainer.Model, error)
	}{
		"cinn":           {0.02, func(_ int, seed uint64) (trainer.Model, error) { return cinn.New(flow, where(seed)) }},
		"splines":        {0.1, func(_ int, seed uint64) (trainer.Model, error) { return cinn.New(spline, where(seed)) }},
		"cvae":           {0.02, func(_ int, seed uint64) (trainer.Model, error) { return cvae.New(vae, where(seed)) }},
		"cvae warmed up": {0.2, func(_ int, seed uint64) (trainer.Model, error) { return cvae.New(warming, where(seed)) }},
	} {
		t.Run(name, func(t *testing.T) {
			bindingtest.NoLeak(t)
			fit := func(together int) (string, []int, trainer.Tape) {
				var tape trainer.Tape
				c := atOnce(t.TempDir(), together, &tape)
				earlyStopping(&c)
				c.LearningRate = of.rate
				results, err := trainer.FitEnsemble(t.Context(), 4, of.newModel, split, c)
				require.NoError(t, err)
				return c.Dir, epochsOf(results), tape
			}
			whole, want, _ := fit(1)
			require.NotEqual(t, []int{want[0], want[0], want[0]}, want[1:], "epochs after which members end")
			for _, together := range []int{3, 5} {
				dir, epochs, tape := fit(together)
				require.Equal(t, want, epochs)
				requireSameEnsemble(t, 4, whole, dir)
				require.Equal(t, 4*3, tape.Warmed)
				require.Equal(t, min(together, 4), tape.Together[0], "steps in the first capture")
				require.Greater(t, tape.Captured, 1, "what is recorded changes with the members")
				require.True(t, tape.Closed)
			}
		})
	}
}

// Members that keep in step need one capture and as many launches as one of them alone.
func TestMembersAtOnceTakeTheLaunchesOfOne(t *testing.T) {
	bindingtest.NoLeak(t)
	var one, many trainer.Tape
	c := everything()
	one.RecordOn(&c)
	c.Epochs = 4
	losses(t, smoothSplit(t, 300), c)
	fitEnsemble(t, 3, smoothSplit(t, 300), atOnce(t.TempDir(), 3, &many))
	require.Equal(t, one.Replayed, many.Replayed)
	require.Equal(t, []int{3}, many.Together)
}

// Wherever all members were interrupted, together or one alone, they go on to the same end, together or one after the other.
func TestInterruptedMembersAtOnceResumeExactly(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole := smoothSplit(t, 300), inTurn(t, 3, nil)
	for i, looks := range []int64{1, 2, 5, 9, 14, 20, 31, 40, 55, 70} {
		broken, first, then := t.TempDir(), []int{3, 2, 1}[i%3], []int{2, 3, 1, 3}[i%4]
		results, err := trainer.FitEnsemble(newMoody(looks), 3, smallMembers(t), split, atOnce(broken, first, new(trainer.Tape)))
		require.ErrorIs(t, err, context.Canceled, "look %d", looks)
		for i, result := range results {
			epoch, step, err := trainer.CheckpointAt(trainer.MemberDir(broken, i+1))
			require.NoError(t, err)
			require.EqualValues(t, result.Steps, epoch*4+step, "the checkpoint of member %d, look %d", i+1, looks)
		}
		fitEnsemble(t, 3, split, atOnce(broken, then, new(trainer.Tape)))
		requireSameEnsemble(t, 3, whole, broken)
	}
}

// Members that were interrupted at different places wait for each other where their steps meet.
func TestMembersAtDifferentPlacesTrainAtOnce(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole, broken := smoothSplit(t, 300), inTurn(t, 3, nil), t.TempDir()
	for member, steps := range []int{5, 10, 1} {
		c := atOnce(trainer.MemberDir(broken, member+1), 0, new(trainer.Tape))
		c.Seed = trainer.MemberSeed(4, member+1)
		fitSteps(t, newRegression(t, c.Seed), split, c, steps)
	}
	var tape trainer.Tape
	fitEnsemble(t, 3, split, atOnce(broken, 3, &tape))
	requireSameEnsemble(t, 3, whole, broken)
	require.Equal(t, 3, tape.Together[0])
}

// ensemble.json counts the members that have ended before the first that has not, whichever ended first.
func TestFinishedCountsInOrder(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole := smoothSplit(t, 300), inTurn(t, 3, earlyStopping)
	ends := make([]int, 3)
	for i := range ends {
		ends[i] = len(course(t, trainer.MemberDir(whole, i+1)))
	}
	longest := 0
	for i, end := range ends {
		if end > ends[longest] {
			longest = i
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	broken := t.TempDir()
	c := atOnce(broken, 3, new(trainer.Tape))
	earlyStopping(&c)
	c.Progress = func(p trainer.Progress) {
		if p.Member == longest+1 && p.Epoch == ends[longest] {
			cancel()
		}
	}
	results, err := trainer.FitEnsemble(ctx, 3, smallMembers(t), split, c)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, results, 3)
	e, err := trainer.ReadEnsemble(broken)
	require.NoError(t, err)
	finished := 0
	for finished < 3 && results[finished].StoppedEarly {
		finished++
	}
	require.Equal(t, trainer.Ensemble{Format: 1, Members: 3, Finished: finished}, e)
	require.LessOrEqual(t, finished, longest)
	_, _, err = trainer.ReadRuns(broken)
	require.ErrorContains(t, err, "not trained to the end")

	c = atOnce(broken, 2, new(trainer.Tape))
	earlyStopping(&c)
	fitEnsemble(t, 3, split, c)
	requireSameEnsemble(t, 3, whole, broken)
}

// diverging makes one member's loss NaN in its n-th step.
func diverging(t *testing.T, which, n int) func(int, uint64) (trainer.Model, error) {
	return func(member int, seed uint64) (trainer.Model, error) {
		m, steps := newRegression(t, seed), 0
		m.wreck = func(s *binding.Scope, loss binding.Tensor) binding.Tensor {
			if steps++; member == which && steps > n {
				return s.Scale(loss, math.NaN())
			}
			return loss
		}
		return m, nil
	}
}

// One member's error is no other's, and no member is begun after it.
func TestAMemberThatFailsLeavesTheOthers(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole, dir := smoothSplit(t, 300), inTurn(t, 3, nil), t.TempDir()
	var warned []string
	c := atOnce(dir, 3, new(trainer.Tape))
	c.Warn = func(text string) { warned = append(warned, text) }
	results, err := trainer.FitEnsemble(t.Context(), 4, diverging(t, 2, 6), split, c)
	require.ErrorIs(t, err, trainer.ErrDiverged)
	require.ErrorContains(t, err, "trainer: member 2 of 4: trainer: epoch 2: ")
	require.Len(t, warned, 1)
	require.Contains(t, warned[0], "member 2 of 4 ended with an error, and those under way go on: trainer: epoch 2: ")
	require.Equal(t, []int{4, 1, 4}, epochsOf(results))
	for _, member := range []int{1, 3} {
		requireSameRun(t, trainer.MemberDir(whole, member), trainer.MemberDir(dir, member))
	}
	e, err := trainer.ReadEnsemble(dir)
	require.NoError(t, err)
	require.Equal(t, trainer.Ensemble{Format: 1, Members: 4, Finished: 1}, e)
	assert.NoDirExists(t, trainer.MemberDir(dir, 4))
}

// Nobody goes on by other means, and what was trained before is kept.
func TestCaptureOfMembersThatFails(t *testing.T) {
	bindingtest.NoLeak(t)
	refused := errors.New("the stream is of no use")
	for at, steps := range map[int]int64{1: 4, 2: 8} { // after an epoch and after two; 4 steps an epoch, of which the last is short
		tape := trainer.Tape{Refuse: func(capture int) error {
			if capture == at {
				return refused
			}
			return nil
		}}
		c := atOnce(t.TempDir(), 3, &tape)
		results, err := trainer.FitEnsemble(t.Context(), 3, diverging(t, 2, 6), smoothSplit(t, 300), c)
		require.ErrorIs(t, err, refused)
		require.Len(t, results, 3)
		for _, member := range []int{1, 3} {
			require.Equal(t, steps, results[member-1].Steps, "member %d, capture %d", member, at)
		}
		require.ErrorContains(t, err, "trainer: member 3 of 3: trainer: epoch ")
		require.ErrorContains(t, err, "capture the steps of all members under way in a CUDA graph: the stream", "capture %d", at)
		require.True(t, tape.Closed)
	}
}

func TestMembersAtOnceThatCannotBegin(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	for says, change := range map[string]func(c *trainer.Config){
		"members at once must not be negative":                                                    func(c *trainer.Config) { c.MembersAtOnce = -1 },
		"2 members at once need a CUDA graph":                                                     func(c *trainer.Config) { c.Graph = false },
		"a source makes the rows of one training at a time, and 2 members at once were asked for": func(c *trainer.Config) { c.Source = simulation(210) },
	} {
		c := atOnce(t.TempDir(), 2, new(trainer.Tape))
		change(&c)
		_, err := trainer.FitEnsemble(t.Context(), 2, smallMembers(t), split, c)
		require.ErrorContains(t, err, "trainer: member 1 of 2: trainer: check config: ")
		require.ErrorContains(t, err, says)
		assert.NoFileExists(t, c.Dir+"/"+trainer.EnsembleFile)
	}
	c := atOnce(t.TempDir(), 2, new(trainer.Tape))
	failure := errors.New("no weights")
	results, err := trainer.FitEnsemble(t.Context(), 3, func(member int, seed uint64) (trainer.Model, error) {
		if member == 2 {
			return nil, failure
		}
		return newRegression(t, seed), nil
	}, split, c)
	require.ErrorIs(t, err, failure)
	require.ErrorContains(t, err, "trainer: member 2 of 3: ")
	require.Equal(t, 4, results[0].Epochs)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results, err = trainer.FitEnsemble(ctx, 3, smallMembers(t), split, atOnce(t.TempDir(), 2, new(trainer.Tape)))
	require.Empty(t, results)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "trainer: interrupted before member 1 of 3: context canceled")
}

func TestMembersAtOnceShareADevice(t *testing.T) {
	told := trainer.JoinOn(binding.CUDA(0), binding.CUDA(0), binding.CUDA(1))
	require.NoError(t, errors.Join(told[0], told[1], told[3]))
	require.EqualError(t, told[2], "members that train at once must be on one device, and this one is on cuda:1, another on cuda:0")
}

// An ensemble is replaced as a whole: the first member's place is cleared before another has begun.
func TestMembersAtOnceReplaceAnEnsemble(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole, dir := smoothSplit(t, 300), inTurn(t, 3, nil), t.TempDir()
	fitEnsemble(t, 4, split, ensembleConfig(dir, false))
	c := atOnce(dir, 3, new(trainer.Tape))
	c.Resume = false
	fitEnsemble(t, 3, split, c)
	requireSameEnsemble(t, 3, whole, dir)
	assert.NoDirExists(t, trainer.MemberDir(dir, 4))
}

// The caller's functions need no lock.
func TestMembersAtOnceCallOneAtATime(t *testing.T) {
	bindingtest.NoLeak(t)
	made, steps := 0, map[int]int{}
	c := atOnce(t.TempDir(), 3, new(trainer.Tape))
	c.Progress = func(p trainer.Progress) {
		require.Equal(t, 5, p.Members)
		if p.Metrics == nil {
			steps[p.Member]++
		}
	}
	_, err := trainer.FitEnsemble(t.Context(), 5, func(_ int, seed uint64) (trainer.Model, error) {
		made++
		return newRegression(t, seed), nil
	}, smoothSplit(t, 300), c)
	require.NoError(t, err)
	require.Equal(t, 5, made)
	require.Equal(t, map[int]int{1: 16, 2: 16, 3: 16, 4: 16, 5: 16}, steps)
}

// On a CUDA device, the graph itself.
func TestMembersAtOnceOnADevice(t *testing.T) {
	if n, err := binding.CUDADevices(); err != nil || n == 0 {
		t.Skipf("this test needs a CUDA device; there are %d (%v)", n, err)
	}
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 600)
	fit := func(together int) (all []float64) {
		c := everything()
		c.Graph, c.Dir, c.MembersAtOnce = true, t.TempDir(), together
		_, err := trainer.FitEnsemble(t.Context(), 3, func(_ int, seed uint64) (trainer.Model, error) {
			return newRegressionOn(t, binding.CUDA(0), seed), nil
		}, split, c)
		require.NoError(t, err)
		for member := range 3 {
			for _, epoch := range course(t, trainer.MemberDir(c.Dir, member+1)) {
				all = append(all, epoch[:2]...)
			}
		}
		return all
	}
	require.InEpsilonSlice(t, fit(1), fit(3), 1e-4)
	require.InEpsilonSlice(t, fit(1), fit(2), 1e-4)
}
