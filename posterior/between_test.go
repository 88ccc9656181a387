package posterior_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

// Any range of events has the draws that it has among all, to the bit, wherever the blocks lie that go through the model.
func TestDrawsOfARangeAreThoseOfAll(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			bindingtest.NoLeak(t)
			const n, perEvent = 20, 7000 // four events a block
			dir, events := train(t, kind, 200, 1), linearEvents(t, n, 11)
			all := sample(t, dir, events, perEvent, posterior.WithSeed(4))
			v, err := posterior.Open(context.Background(), dir, posterior.WithSeed(4))
			require.NoError(t, err)
			defer v.Close()
			random := rand.New(rand.NewPCG(1, 2))
			for range 8 {
				first := random.IntN(n + 1)
				end := first + random.IntN(n+1-first)
				next := first
				err := v.EachBetween(context.Background(), events, first, end, perEvent, func(event int, draws dataset.Matrix) error {
					require.Equal(t, next, event)
					next++
					require.Equal(t, all.At(event, 0), draws.Row(0))
					require.True(t, equal(all.Data[event*perEvent*6:(event+1)*perEvent*6], draws.Data))
					return nil
				})
				require.NoError(t, err)
				require.Equal(t, end, next)
			}
		})
	}
}

func equal(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// No two blocks have the same random numbers, nor do blocks of seeds that lie side by side.
func TestBlocksDiffer(t *testing.T) {
	dir := train(t, "cinn", 200, 1)
	one := linearEvents(t, 1, 5)
	events := one.SelectRows([]int{0, 0, 0, 0, 0})
	seen := map[float64]bool{}
	for seed := range uint64(3) {
		draws := sample(t, dir, events, 1<<15, posterior.WithSeed(seed)) // an event a block
		for i := range 5 {
			require.False(t, seen[draws.At(i, 0)[0]])
			seen[draws.At(i, 0)[0]] = true
		}
	}
}

func TestSummariesOfARangeAreThoseOfAll(t *testing.T) {
	for _, kind := range kinds {
		v, err := posterior.Open(context.Background(), train(t, kind, 200, 1))
		require.NoError(t, err)
		defer v.Close()
		events, options := linearEvents(t, 600, 11), posterior.SummaryOptions{Draws: 60}
		var all []posterior.Summary
		require.NoError(t, v.Summaries(context.Background(), events, options, func(_ int, s posterior.Summary) error {
			all = append(all, s)
			return nil
		}))
		for _, r := range [][2]int{{0, 600}, {255, 257}, {100, 101}, {256, 512}, {300, 599}, {599, 600}, {256, 256}, {600, 600}} {
			next := r[0]
			require.NoError(t, v.SummariesBetween(context.Background(), events, r[0], r[1], options, func(event int, s posterior.Summary) error {
				require.Equal(t, next, event)
				next++
				require.Equal(t, all[event], s)
				return nil
			}))
			require.Equal(t, r[1], next)
		}
	}
}

func TestRangesAreChecked(t *testing.T) {
	v, err := posterior.Open(context.Background(), train(t, "cinn", 200, 1))
	require.NoError(t, err)
	defer v.Close()
	events := linearEvents(t, 5, 11)
	for _, r := range [][2]int{{-1, 2}, {3, 2}, {0, 6}} {
		err := v.EachBetween(context.Background(), events, r[0], r[1], 1, nil)
		require.ErrorContains(t, err, "of 5: want a range of them")
		err = v.SummariesBetween(context.Background(), events, r[0], r[1], posterior.SummaryOptions{}, nil)
		require.ErrorContains(t, err, "of 5: want a range of them")
	}
}
