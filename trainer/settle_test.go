package trainer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// settling is a model that notes what it settles on.
type settling struct {
	*regression
	t     *testing.T
	want  dataset.Part
	times int
}

func (m *settling) Settle(_ context.Context, s *binding.Scope, x, y binding.Tensor) error {
	m.times++
	for _, part := range []struct {
		got  binding.Tensor
		want dataset.Matrix
	}{{x, m.want.Positions}, {y, m.want.Momenta}} {
		got, err := s.Float64s(part.got)
		require.NoError(m.t, err)
		require.InDeltaSlice(m.t, part.want.Data, got, 1e-6)
	}
	return nil
}

// Models settle on the split's training part, whatever the epoch, and training goes on with the epoch's own part.
func TestSettlingAmidEpochsDisturbsNothing(t *testing.T) {
	for name, online := range map[string]bool{"the same rows": false, "a source": true} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			split := smoothSplit(t, 300)
			fit := func(c trainer.Config) *settling {
				c.Dir = t.TempDir()
				if online {
					c.Source = simulation(split.Train.Len())
				}
				m := &settling{regression: newRegression(t, 1), t: t, want: split.Train}
				fitSteps(t, m, split, c, 0)
				return m
			}
			c := quick()
			seldom := fit(c)
			better := 0
			c.Progress = func(p trainer.Progress) {
				if p.Metrics != nil && p.BestEpoch == p.Epoch {
					better++
				}
			}
			c.CheckpointEvery = 1 // a nanosecond: after each step and each epoch
			often := fit(c)
			require.Equal(t, bindingtest.Values(t, seldom.params.Flat()), bindingtest.Values(t, often.params.Flat()))
			require.Equal(t, 1, seldom.times)
			require.Equal(t, 1+better+1, often.times, "with the first weights, with each better epoch's, and at the end")
		})
	}
}
