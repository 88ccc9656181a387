package dataset

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// A table that comes in blocks is described like one that comes whole.
func TestDescriberDoesNotDependOnTheBlocks(t *testing.T) {
	e := triatomic(t, 2000, 5)
	copy(e.Momenta.Row(1500), e.Momenta.Row(3)) // with the positions below, a duplicate far from its twin
	copy(e.Positions.Row(1500), e.Positions.Row(3))
	clear(e.Momenta.Row(7))
	whole := Describe(e)
	for _, size := range []int{1, 100, 1999} {
		d := NewDescriber(e)
		for start := 0; start < e.Len(); start += size {
			end := min(start+size, e.Len())
			if size == 1 && start >= 300 {
				end = e.Len()
			}
			require.NoError(t, d.Add(rowsOf(e, start, end)))
			if end == e.Len() {
				break
			}
		}
		s := d.Summary()
		require.Equal(t, whole.Suspicious, s.Suspicious)
		require.Equal(t, whole.KineticEnergyReleaseHistogramEV, s.KineticEnergyReleaseHistogramEV)
		require.Equal(t, whole.MomentumSum, s.MomentumSum)
		for j, c := range whole.Columns {
			require.Equal(t, c.Role, s.Columns[j].Role)
			require.Equal(t, c.Min, s.Columns[j].Min)
			require.Equal(t, c.Max, s.Columns[j].Max)
			require.InDelta(t, c.Mean, s.Columns[j].Mean, 1e-9)
			require.InDelta(t, c.SD, s.Columns[j].SD, 1e-9*(1+c.SD))
		}
	}
}

func rowsOf(e *Events, from, to int) *Events {
	rows := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, i)
	}
	return e.SelectRows(rows)
}

func TestDescriberRefusesNumbersOutOfRange(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e200, -1e308} {
		for column, choose := range map[string]func(*Events) Matrix{
			"x_O":  func(e *Events) Matrix { return e.Positions },
			"px_O": func(e *Events) Matrix { return e.Momenta },
		} {
			e := triatomic(t, 20, 1)
			d := NewDescriber(e)
			require.NoError(t, d.Add(e))
			choose(e).Row(7)[3] = v
			require.ErrorContains(t, d.Add(e), "row 28, column "+column+" is ")
			require.Equal(t, 20, d.Summary().Rows)
			require.Equal(t, Summary{}, Describe(e))
			for i := range choose(e).Data {
				choose(e).Data[i] = v
			}
			require.Equal(t, Summary{}, Describe(e))
		}
	}
}

func TestDescriberRefusesOtherEvents(t *testing.T) {
	e := triatomic(t, 10, 1)
	d := NewDescriber(e)
	require.NoError(t, d.Add(e))
	momentaOnly := *e
	momentaOnly.Positions, momentaOnly.PositionColumns = Matrix{}, nil
	require.ErrorContains(t, d.Add(&momentaOnly), "other atoms or columns")
	other, err := e.Reordered([]string{"S", "O", "C"})
	require.NoError(t, err)
	require.ErrorContains(t, d.Add(other), "other atoms or columns")
	require.Equal(t, Summary{}, NewDescriber(e).Summary())
	require.ErrorContains(t, NewDescriber(&Events{}).Add(e), "other atoms or columns")
	require.ErrorContains(t, NewDescriber(e).Add(&Events{}), "no atoms are named")
}
