package dataset

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplitRowsIsAPartition(t *testing.T) {
	for _, f := range []Fractions{DefaultFractions, {Train: 1}, {Train: 0.8, Test: 0.2}, {Train: 0.9, Validation: 0.1}, {Train: 1e-3, Validation: 1e-3, Test: 0.998}} {
		for _, n := range []int{7, 8, 13, 100, 999, 12345} {
			if !f.enough(n, 1) {
				continue
			}
			p, err := SplitRows(n, f, 5)
			require.NoError(t, err)
			all := slices.Sorted(slices.Values(slices.Concat(p.Train, p.Validation, p.Test)))
			require.Equal(t, count(0, n), all)
			require.InDelta(t, f.Train*float64(n), len(p.Train), 0.5)
			require.InDelta(t, f.Validation*float64(n), len(p.Validation), 1)
			require.InDelta(t, f.Test*float64(n), len(p.Test), 0.5)
		}
	}
}

func TestSplitRowsFollowsTheSeed(t *testing.T) {
	first, err := SplitRows(1000, DefaultFractions, 1)
	require.NoError(t, err)
	again, err := SplitRows(1000, DefaultFractions, 1)
	require.NoError(t, err)
	other, err := SplitRows(1000, DefaultFractions, 2)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.NotEqual(t, first, other)
	require.Len(t, first.Train, 700)
	require.Len(t, first.Validation, 150)
}

func TestSplitRowsMixesRows(t *testing.T) {
	p, err := SplitRows(10_000, DefaultFractions, 3)
	require.NoError(t, err)
	low := 0
	for _, row := range p.Train {
		if row < 5000 {
			low++
		}
	}
	require.InDelta(t, 3500, low, 200, "a shuffled half, 9 standard deviations wide")
}

func TestSplitRowsSaysHowManyRowsItNeeds(t *testing.T) {
	for n := range 6 {
		_, err := SplitRows(n, DefaultFractions, 0)
		require.ErrorContains(t, err, "too few")
		require.ErrorContains(t, err, "want at least 6")
	}
	_, err := SplitRows(6, DefaultFractions, 0)
	require.NoError(t, err)
	_, err = SplitRows(-1, DefaultFractions, 0)
	require.Error(t, err)
}

func TestSplitRowsRefusesBadFractions(t *testing.T) {
	for _, f := range []Fractions{{}, {Train: 0.5, Validation: 0.2, Test: 0.2}, {Train: 1.2, Test: -0.2}, {Validation: 0.5, Test: 0.5}, {Train: 1 - 1e-9, Test: 1e-9}} {
		_, err := SplitRows(100, f, 0)
		require.ErrorContains(t, err, "add up to 1")
	}
}
