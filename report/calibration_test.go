package report

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/posterior"
)

// ranksOf returns calibration of columns with these counts, 25 expected in each of four bins.
func ranksOf(columns ...[]int) *posterior.SBC {
	s := &posterior.SBC{Draws: 99, Expected: []float64{25, 25, 25, 25}, Lower: []int{14, 14, 14, 14}, Upper: []int{37, 37, 37, 37}}
	for k, counts := range columns {
		column := posterior.SBCColumn{Column: fmt.Sprintf("x_%d", k), Histogram: counts}
		column.ECDFPValue = 0.31
		s.Columns = append(s.Columns, column)
	}
	return s
}

func TestRanks(t *testing.T) {
	for name, s := range map[string]*posterior.SBC{
		"one":          ranksOf([]int{20, 30, 26, 24}),
		"even":         ranksOf([]int{25, 25, 25, 25}, []int{25, 25, 25, 25}),
		"all in a bin": ranksOf([]int{100, 0, 0, 0}, []int{20, 30, 26, 24}, []int{20, 30, 26, 24}, []int{20, 30, 26, 24}),
		"ten":          ranksOf(slices.Repeat([][]int{{20, 30, 26, 24}}, 10)...),
	} {
		f, err := Ranks(s)
		assert.Contains(t, drawn(t, f, err), "x_0: p = 0.31", name)
	}
	impossible := ranksOf([]int{100, 0, 0, 0})
	impossible.Columns[0].ECDFPValue = 1.0 / 2000
	f, err := Ranks(impossible)
	assert.Contains(t, drawn(t, f, err), "p \u2264 0.0005")
}

func TestRanksErrors(t *testing.T) {
	short := ranksOf([]int{1, 2})
	bandless := ranksOf([]int{20, 30, 26, 24})
	bandless.Lower = nil
	empty := ranksOf([]int{20, 30, 26, 24})
	empty.Expected[2] = 0
	for want, s := range map[string]*posterior.SBC{
		"there are no ranks":          nil,
		"x_0 has 2 bins: want 4":      short,
		"0 lower and 4 upper":         bandless,
		"bin 2: 0 ranks are expected": empty,
	} {
		_, err := Ranks(s)
		require.ErrorContains(t, err, "report: rank histograms: ")
		assert.ErrorContains(t, err, want)
	}
}

func curvePoints19(off float64, band bool) (all []posterior.CoveragePoint) {
	for k := 1; k < 20; k++ {
		p := float64(k) / 20
		at := posterior.CoveragePoint{Nominal: p, Observed: p + off*p*(1-p), StandardError: 0.01}
		if band {
			at.Lower, at.Upper = p-0.2*p*(1-p), p+0.2*p*(1-p)
		}
		all = append(all, at)
	}
	return all
}

func TestCoverageCurves(t *testing.T) {
	e := &posterior.Evaluation{
		CoverageCurve:  curvePoints19(0.1, false),
		HighestDensity: &posterior.ExpectedCoverage{Curve: curvePoints19(-0.1, true)},
		TARP:           &posterior.ExpectedCoverage{Curve: curvePoints19(0.3, true)},
	}
	f, err := CoverageCurves(e)
	words := drawn(t, f, err)
	for _, word := range []string{"central intervals", "highest density", "TARP", "99 % band", "nominal probability"} {
		assert.Contains(t, words, word)
	}
	e.HighestDensity, e.CoverageCurve[3].Observed = nil, math.NaN()
	f, err = CoverageCurves(e)
	assert.NotContains(t, drawn(t, f, err), "highest density")
}

// Evaluations without curves have four probabilities to draw.
func TestCoverageOfFourProbabilities(t *testing.T) {
	levels := posterior.Coverage{"0.5": 0.48, "0.68": 0.7, "0.9": 0.91, "0.95": 0.93, "many": 1}
	curve := curveOf(levels, posterior.Coverage{"0.5": 0.02})
	require.Len(t, curve, 4)
	assert.Equal(t, posterior.CoveragePoint{Nominal: 0.5, Observed: 0.48, StandardError: 0.02}, curve[0])
	assert.Equal(t, 0.95, curve[3].Nominal)
	f, err := CoverageCurves(&posterior.Evaluation{Coverage: levels})
	words := drawn(t, f, err)
	assert.Contains(t, words, "central intervals")
	assert.NotContains(t, words, "band")
}

func TestCoverageErrors(t *testing.T) {
	for _, e := range []*posterior.Evaluation{nil, {}} {
		_, err := CoverageCurves(e)
		assert.ErrorContains(t, err, "report: coverage: the evaluation has none")
	}
}
