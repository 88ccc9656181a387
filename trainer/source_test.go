package trainer_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// spoilt is a simulation that goes wrong in one epoch.
func spoilt(rows, epoch int, spoil func(ctx context.Context, part *dataset.Part) error) sourceFunc {
	return func(ctx context.Context, e int) (dataset.Part, error) {
		part, err := simulation(rows)(ctx, e)
		if err == nil && e == epoch {
			err = spoil(ctx, &part)
		}
		return part, err
	}
}

func TestRefusedParts(t *testing.T) {
	split := smoothSplit(t, 300)
	rows := split.Train.Len()
	bad := map[string]func(*dataset.Part) error{
		"no more disk": func(*dataset.Part) error { return errors.New("no more disk") },
		"positions [100,6] of 600 numbers: want [210,6] of 1260 numbers": func(p *dataset.Part) error {
			p.Positions.Rows, p.Positions.Data = 100, p.Positions.Data[:600]
			return nil
		},
		"momenta [210,5] of 1050 numbers: want [210,6]": func(p *dataset.Part) error {
			p.Momenta.Cols, p.Momenta.Data = 5, p.Momenta.Data[:1050]
			return nil
		},
		"positions [0,0] of 0 numbers":                           func(p *dataset.Part) error { *p = dataset.Part{}; return nil },
		"momenta [210,6] of 1259 numbers":                        func(p *dataset.Part) error { p.Momenta.Data = p.Momenta.Data[1:]; return nil },
		"momenta: row 8, column 3 is NaN: want a finite number":  func(p *dataset.Part) error { p.Momenta.Row(7)[2] = math.NaN(); return nil },
		"positions: row 210, column 6 is -Inf: want a finite":    func(p *dataset.Part) error { p.Positions.Row(209)[5] = math.Inf(-1); return nil },
		"want [210,6] of 1260 numbers, as in the split's traini": func(p *dataset.Part) error { p.Positions.Rows++; return nil },
		"the source ended its goroutine":                         func(*dataset.Part) error { runtime.Goexit(); return nil },
	}
	for says, spoil := range bad {
		t.Run(says, func(t *testing.T) {
			noLeak(t)
			c := quick()
			c.Source = spoilt(rows, 3, func(_ context.Context, p *dataset.Part) error { return spoil(p) })
			result, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
			require.ErrorContains(t, err, "trainer: make the events of epoch 3: ")
			require.ErrorContains(t, err, says)
			require.Equal(t, 2, result.Epochs, "what was trained before stands")
			require.EqualValues(t, 2*rows, result.EventsSeen)
		})
	}
}

func TestMendedSourceContinuesExactly(t *testing.T) {
	noLeak(t)
	split, whole := smoothSplit(t, 300), t.TempDir()
	rows := split.Train.Len()
	c := quick()
	c.Dir, c.Resume, c.Source = whole, true, simulation(rows)
	fitSteps(t, newRegression(t, 1), split, c, 0)

	c.Dir = t.TempDir()
	failure := errors.New("no more disk")
	c.Source = spoilt(rows, 4, func(context.Context, *dataset.Part) error { return failure })
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.ErrorIs(t, err, failure)
	c.Source = spoilt(rows, 3, func(context.Context, *dataset.Part) error { return errors.New("epoch 3 is asked for again") })
	fitSteps(t, newRegression(t, 1), split, c, 0)
	requireSameRun(t, whole, c.Dir)
}

func TestCancellationWhileAPartIsMade(t *testing.T) {
	for name, answer := range map[string]func(ctx context.Context) error{
		"the source heeds it":   context.Context.Err,
		"the source ignores it": func(context.Context) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			split := smoothSplit(t, 300)
			ctx, cancel := context.WithCancel(context.Background())
			c := quick()
			c.Source = spoilt(split.Train.Len(), 3, func(inner context.Context, _ *dataset.Part) error {
				cancel()
				<-inner.Done()
				return answer(inner)
			})
			_, err := trainer.Fit(ctx, newRegression(t, 1), split, c)
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorContains(t, err, "interrupted in epoch")
		})
	}
}

func TestSourceIsEndedWithTheTraining(t *testing.T) {
	noLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	c.Source = spoilt(split.Train.Len(), 3, func(ctx context.Context, _ *dataset.Part) error {
		<-ctx.Done() // without which Fit would wait for ever
		return ctx.Err()
	})
	m := newRegression(t, 1)
	c.Progress = func(p trainer.Progress) {
		if p.Epoch == 2 && p.Metrics == nil {
			m.wreck = func(s *binding.Scope, loss binding.Tensor) binding.Tensor { return s.Scale(loss, math.Inf(1)) }
		}
	}
	_, err := trainer.Fit(context.Background(), m, split, c)
	require.ErrorIs(t, err, trainer.ErrDiverged)
}

func TestPartsAreMadeOneAheadBesideTheTraining(t *testing.T) {
	noLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	var asked []int
	var ended atomic.Int64 // epochs
	begun := make(chan int)
	c.Source = sourceFunc(func(ctx context.Context, epoch int) (dataset.Part, error) {
		asked = append(asked, epoch)
		if least := int64(epoch - 2); ended.Load() < least {
			t.Errorf("epoch %d was begun with %d epochs ended: want %d, so that two parts are the most there are", epoch, ended.Load(), least)
		}
		begun <- epoch
		return simulation(split.Train.Len())(ctx, epoch)
	})
	c.Progress = func(p trainer.Progress) {
		switch {
		case p.Metrics != nil:
			ended.Store(int64(p.Epoch))
		case p.Step == 1 && p.Epoch < p.Epochs:
			require.Equal(t, p.Epoch+1, <-begun, "what is made while epoch %d is under way", p.Epoch)
		}
	}
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3, 4, 5, 6}, asked)
}
