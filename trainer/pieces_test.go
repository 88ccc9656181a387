package trainer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// curve trains a model and returns the losses and rates of each epoch.
func curve(t *testing.T, m trainer.Model, split *dataset.Split, c trainer.Config) (all []float64) {
	t.Helper()
	c.Progress = func(p trainer.Progress) {
		if p.Metrics != nil {
			all = append(all, p.Metrics.TrainLoss, p.Metrics.Terms["squares"], p.Metrics.ValidationLoss, p.Metrics.LearningRate)
		}
	}
	_, err := trainer.Fit(context.Background(), m, split, c)
	require.NoError(t, err)
	return all
}

func TestMicroBatchesChangeNothing(t *testing.T) {
	bindingtest.NoLeak(t)
	split, c := smoothSplit(t, 300), everything()
	want := curve(t, newPrecise(t, 1), split, c)
	for _, rows := range []int{1, 7, 63, 64, 1000} {
		c.MicroBatch = rows
		require.InEpsilonSlice(t, want, curve(t, newPrecise(t, 1), split, c), 1e-11, "%d rows", rows)
	}
}

// newCramped returns a model on a device that has memory for so many rows.
func newCramped(t *testing.T, room int64) *regression {
	m := newPrecise(t, 1)
	m.sized = func(s *binding.Scope, rows int64) {
		if rows > room {
			s.Fail(&binding.Error{Op: "matmul", Kind: binding.ErrOutOfMemory, Msg: "out of memory"})
		}
	}
	return m
}

func TestOutOfMemoryHalvesWhatIsComputedAtOnce(t *testing.T) {
	bindingtest.NoLeak(t)
	split, c := smoothSplit(t, 300), everything()
	want := curve(t, newPrecise(t, 1), split, c)
	for _, room := range []int64{40, 5, 1} {
		var warnings []string
		c.Warn = func(text string) { warnings = append(warnings, text) }
		require.InEpsilonSlice(t, want, curve(t, newCramped(t, room), split, c), 1e-11)
		require.NotEmpty(t, warnings)
		assert.Equal(t, "out of memory with 64 rows at once: going on with 32, which gives the same and takes longer", warnings[0])
	}
}

// Memory that others take for a while is a reason to divide batches from then on, at whatever step and place it happens.
func TestOutOfMemoryOnce(t *testing.T) {
	bindingtest.NoLeak(t)
	split, c := smoothSplit(t, 200), everything()
	c.Epochs = 2
	calls := 0
	counting := newPrecise(t, 1)
	counting.sized = func(*binding.Scope, int64) { calls++ }
	want := curve(t, counting, split, c)
	for at := range calls {
		call, m := 0, newPrecise(t, 1)
		m.sized = func(s *binding.Scope, rows int64) {
			if call == at && rows > 1 { // the first call has one row
				s.Fail(&binding.Error{Op: "matmul", Kind: binding.ErrOutOfMemory})
			}
			call++
		}
		require.InEpsilonSlice(t, want, curve(t, m, split, c), 1e-11, "call %d", at)
	}
}

func TestNoMemoryForARow(t *testing.T) {
	bindingtest.NoLeak(t)
	m, asked := newPrecise(t, 1), 0
	m.sized = func(s *binding.Scope, rows int64) {
		if asked++; asked > 1 { // the first asks whether model and data fit
			s.Fail(&binding.Error{Op: "matmul", Kind: binding.ErrOutOfMemory})
		}
	}
	_, err := trainer.Fit(context.Background(), m, smoothSplit(t, 300), quick())
	require.ErrorIs(t, err, binding.ErrOutOfMemory)
	require.ErrorContains(t, err, "trainer: epoch 1, step 1: ")
	require.ErrorContains(t, err, "even one row at a time")
}

// The pieces of all processes cover each row of a batch once, and their weights are those of the rows.
func TestPiecesCoverTheBatch(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 7, 64, 511} {
		for size := 1; size <= 5; size++ {
			for _, most := range []int{0, 1, 2, 3, 64, 600} {
				t.Run(fmt.Sprintf("%d rows, %d processes, %d at most", rows, size, most), func(t *testing.T) {
					covered, weight := make([]int, rows), 0.0
					for rank := range size {
						for _, p := range trainer.Pieces(rank, size, rows, most) {
							require.Positive(t, p.Count)
							require.LessOrEqual(t, p.First+p.Count, rows)
							if most > 0 {
								require.LessOrEqual(t, p.Count, most)
							}
							weight += p.Weight
							for i := range p.Count {
								if p.Weight > 0 {
									covered[p.First+i]++
								}
							}
						}
					}
					for _, times := range covered {
						require.Equal(t, 1, times)
					}
					require.InDelta(t, 1, weight, 1e-12)
				})
			}
		}
	}
}
