package report

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func labels(low, high float64) (all []string) {
	for _, tick := range (roundTicks{}).Ticks(low, high) {
		all = append(all, tick.Label)
	}
	return all
}

func TestRoundTicks(t *testing.T) {
	assert.Equal(t, []string{"0", "20", "40", "60", "80", "100"}, labels(0, 100))
	assert.Equal(t, []string{"-1.0", "-0.5", "0.0", "0.5", "1.0"}, labels(-1, 1))
	assert.Equal(t, []string{"0", "2", "4", "6", "8"}, labels(-0.5, 8), "zero has no sign")
	assert.Equal(t, []string{"-15", "-10", "-5", "0", "5"}, labels(-15.5, 6))
	assert.Equal(t, []string{"2.11", "2.12", "2.13", "2.14", "2.15", "2.16"}, labels(2.105, 2.165))
	assert.Equal(t, []string{"0", "2e+29", "4e+29", "6e+29", "8e+29", "1.0e+30"}, labels(0, 1e30))
	assert.Equal(t, []string{"0", "5e-10", "1.0e-09", "1.5e-09", "2.0e-09"}, labels(0, 2e-9))
}

// Epochs are counted in whole numbers, however few.
func TestTicksOfEpochs(t *testing.T) {
	for epochs, want := range map[float64][]string{1: {"0", "1"}, 2: {"0", "1", "2"}, 10: {"0", "2", "4", "6", "8", "10"}} {
		var got []string
		for _, tick := range (roundTicks{least: 1}).Ticks(0, epochs) {
			got = append(got, tick.Label)
		}
		assert.Equal(t, want, got)
	}
}

// FuzzRoundTicks checks that ticks are few, rise, lie in the range, and are told apart by labels that are right.
func FuzzRoundTicks(f *testing.F) {
	for _, r := range [][2]float64{
		{0, 1}, {-3, 7}, {1e20, 1e20}, {1e20, 1e20 + 1e5}, {1e6, 1e6 + 1e-9}, {-1e300, 1e300}, {0, 5e-324}, {math.NaN(), 1}, {0, math.Inf(1)}, {2, 1},
		{-math.MaxFloat64, math.MaxFloat64}, {0.1, 0.7}, {-14.7, 5.3},
	} {
		f.Add(r[0], r[1])
	}
	f.Fuzz(func(t *testing.T, low, high float64) {
		ticks := roundTicks{}.Ticks(low, high)
		require.LessOrEqual(t, len(ticks), 11)
		size := max(math.Abs(low), math.Abs(high))
		if !(high-low > 1e-9*size) || math.IsInf(high-low, 0) || high-low < 1e-290 {
			return // lossRange gives no such range
		}
		require.GreaterOrEqual(t, len(ticks), 2)
		step := ticks[1].Value - ticks[0].Value
		for i, tick := range ticks {
			require.True(t, low-step*1e-6 <= tick.Value && tick.Value <= high+step*1e-6, "%v is not in [%v, %v]", tick.Value, low, high)
			value, err := strconv.ParseFloat(tick.Label, 64)
			require.NoError(t, err)
			require.InDelta(t, tick.Value, value, step*1e-3+size*1e-14)
			if i > 0 {
				require.Greater(t, tick.Value, ticks[i-1].Value)
				require.NotEqual(t, tick.Label, ticks[i-1].Label)
			}
		}
	})
}

// FuzzRoundStep checks that a step is 1, 2 or 5 times a power of ten, and the smallest that is enough.
func FuzzRoundStep(f *testing.F) {
	for _, x := range []float64{1, 2, 3, 5, 7, 10, 0.1, 0.2, 0.30000000000000004, 1e-300, 1e300, 0, -1, math.NaN(), math.Inf(1), 999.9999999999999} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, least float64) {
		step := roundStep(least)
		if !(least > 1e-290 && least < 1e290) {
			require.False(t, math.IsNaN(step) || step <= 0)
			return
		}
		mantissa, _, _ := strings.Cut(strconv.FormatFloat(step, 'e', 9, 64), "e")
		require.Contains(t, []string{"1.000000000", "2.000000000", "5.000000000"}, mantissa)
		require.GreaterOrEqual(t, step, least)
		require.LessOrEqual(t, step, 2.5*least*(1+1e-9))
	})
}
