package calibration_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/posterior/calibration"
)

// uniformRanks counts ranks that are uniform, by drawing each on its own.
func uniformRanks(t *testing.T, events, draws int, random *rand.Rand) *calibration.Ranks {
	t.Helper()
	r := calibration.NewRanks(draws)
	for range events {
		require.NoError(t, r.Add(random.IntN(draws+1)))
	}
	return r
}

// The band holds the whole distribution function with the probability that it claims, and agrees with the p-value.
func TestBandIsSimultaneous(t *testing.T) {
	const repetitions = 600
	for _, size := range []struct{ events, draws int }{{250, 99}, {1000, 499}, {100, 7}} {
		band, err := calibration.NewBand(size.events, size.draws, 3)
		require.NoError(t, err)
		random := rand.New(rand.NewPCG(uint64(size.events), 2))
		outside := 0
		for range repetitions {
			r := uniformRanks(t, size.events, size.draws, random)
			points, err := band.Differences(r, 0.9)
			require.NoError(t, err)
			left := false
			for _, p := range points {
				require.LessOrEqual(t, p.Lower, p.Upper)
				left = left || p.Difference < p.Lower || p.Difference > p.Upper
			}
			p, err := band.PValue(r)
			require.NoError(t, err)
			require.Equal(t, left, p <= 0.1)
			if left {
				outside++
			}
		}
		share := float64(outside) / repetitions
		require.Less(t, share, 0.1+4*math.Sqrt(0.09/repetitions), "%+v", size)
		if size.draws > 7 { // few cuts have few statistics, and the band is then too wide rather than too narrow
			require.Greater(t, share, 0.1-4*math.Sqrt(0.09/repetitions), "%+v", size)
		}
	}
}

// The band is wider than the pointwise one and shrinks as the root of the number of events.
func TestBandWidth(t *testing.T) {
	width := func(events int) float64 {
		band, err := calibration.NewBand(events, 99, 1)
		require.NoError(t, err)
		points, err := band.Differences(uniformRanks(t, events, 99, rand.New(rand.NewPCG(1, 1))), 0.95)
		require.NoError(t, err)
		middle := points[49]
		require.Equal(t, 0.5, middle.At)
		return middle.Upper - middle.Lower
	}
	at := width(1000)
	require.Greater(t, at, 2*1.96*0.5/math.Sqrt(1000))
	require.InEpsilon(t, 10, at/width(100_000), 0.05)
}

func TestBandRefuses(t *testing.T) {
	_, err := calibration.NewBand(0, 9, 1)
	require.ErrorContains(t, err, "want at least 1")
	band, err := calibration.NewBand(10, 9, 1)
	require.NoError(t, err)
	_, err = band.PValue(calibration.NewRanks(9))
	require.ErrorContains(t, err, "ranks of 0 events among 9 draws with a band for 10 and 9")
	_, err = band.Differences(calibration.NewRanks(9), 0.9)
	require.Error(t, err)
}
