package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

// evaluationOf returns an evaluation of that many events in which two columns' posteriors have z-scores with the given
// mean and spread, and all else that follows from normal ones.
func evaluationOf(events int, mean, spread float64) *posterior.Evaluation {
	n := math.Sqrt(float64(events))
	inside := func(p float64) float64 {
		z := math.Sqrt2 * math.Erfinv(p)
		return (math.Erf((z-mean)/spread/math.Sqrt2) + math.Erf((z+mean)/spread/math.Sqrt2)) / 2
	}
	e := &posterior.Evaluation{Model: "cinn", Events: events, Unit: "bohr", Coverage: posterior.Coverage{}, CoverageError: posterior.Coverage{}, SBC: &posterior.SBC{}}
	for level, p := range map[string]float64{"0.5": 0.5, "0.68": 0.68, "0.9": 0.9, "0.95": 0.95} {
		e.Coverage[level], e.CoverageError[level] = inside(p), math.Sqrt(p*(1-p))/n
	}
	p := 0.3
	if math.Abs(mean)*n > 5 || math.Abs(spread-1)*n*math.Sqrt2 > 5 {
		p = 1e-9
	}
	for _, name := range []string{"x_C", "y_C"} {
		e.SBC.Columns = append(e.SBC.Columns, posterior.SBCColumn{Column: name, Uniformity: posterior.Uniformity{PValue: p, ECDFPValue: max(p, 0.0005)}})
		e.ZScore = append(e.ZScore, posterior.ZScore{
			Column: name, Estimate: posterior.Estimate{Mean: mean, StandardError: spread / n},
			StandardDeviation: spread, StandardDeviationError: spread / n / math.Sqrt2,
		})
	}
	return e
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		events       int
		mean, spread float64
		word, says   string
		good, judged bool
	}{
		{2000, 0, 1, "Calibrated", "2\u202f000 events", true, true},
		{2000, 0, 1.3, "Overconfident: its error bars are too small", "x_C (too narrow: errors are 1.30 times what it says), y_C", false, true},
		{2000, 0, 0.7, "Underconfident: its error bars are too large", "too wide", false, true},
		{200000, 0.05, 1, "Biased: its error bars are off centre", "shifted by 0.050 of its own width", false, true},
		{50, 0, 1, "Not judged", "50 events are too few", false, false},
		{1, 0, 1, "Not judged", "1 event is too few", false, false},
		{50, 0, 3, "Overconfident: its error bars are too small", "too narrow", false, true},
	} {
		v := judge(evaluationOf(c.events, c.mean, c.spread))
		assert.Equal(t, c.word, v.Word)
		assert.Equal(t, []bool{c.good, c.judged}, []bool{v.Good, v.Judged}, c.word)
		assert.Contains(t, strings.Join(v.Sentences, " "), c.says)
	}
}

// A joint test alone condemns: columns may be right one by one, and wrong together.
func TestVerdictOfJointTest(t *testing.T) {
	e := evaluationOf(2000, 0, 1)
	e.TARP = &posterior.ExpectedCoverage{Uniformity: posterior.Uniformity{PValue: 1e-8, ECDFPValue: 0.0005}}
	v := judge(e)
	assert.Equal(t, "Not calibrated", v.Word)
	assert.False(t, v.Good)
	assert.Contains(t, strings.Join(v.Sentences, " "), "Balls about random points (TARP) do not hold")
}

// What an older program evaluated lacks ranks; the verdict stands on coverage then.
func TestVerdictWithoutRanks(t *testing.T) {
	e := evaluationOf(2000, 0, 1.3)
	e.SBC, e.ZScore = nil, nil
	assert.Equal(t, "Overconfident: its error bars are too small", judge(e).Word)
}

// Of runs whose p-values are uniform, as those of exact posteriors are, about one in a hundred is condemned at most.
func TestFalseVerdicts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	condemned, runs := 0, 20000
	for range runs {
		e := evaluationOf(1000, 0, 1)
		for i := range e.SBC.Columns {
			e.SBC.Columns[i].PValue, e.SBC.Columns[i].ECDFPValue = random.Float64(), max(random.Float64(), 0.0005)
		}
		if !judge(e).Good {
			condemned++
		}
	}
	assert.Positive(t, condemned)
	assert.Less(t, float64(condemned)/float64(runs), 0.012)
}

// seriesOf returns normal errors of a column in units of the posterior's width.
func seriesOf(spread float64) series {
	random := rand.New(rand.NewPCG(5, 6))
	s := series{columns: []Column{{Name: "r_CO", Label: "r(C–O)"}}}
	for _, m := range []*dataset.Matrix{&s.truth, &s.mean, &s.sd} {
		*m = dataset.NewMatrix(1000, 1)
	}
	for i := range s.truth.Data {
		s.truth.Data[i], s.sd.Data[i] = spread*0.1*random.NormFloat64(), 0.1
	}
	return s
}

func TestVerdictConsidersBonds(t *testing.T) {
	for _, c := range []struct {
		spread     float64
		word, says string
	}{
		{1, "Calibrated", "Nothing in 2\u202f000 events"},
		{1.3, "Calibrated in coordinates, not in bonds and angles", "too narrow in r(C–O) (1.3)"},
		{0.6, "Calibrated in coordinates, not in bonds and angles", "too wide in r(C–O) (0.6"},
	} {
		v := judge(evaluationOf(2000, 0, 1))
		v.consider(seriesOf(c.spread))
		assert.Equal(t, c.word, v.Word)
		assert.Equal(t, c.spread == 1, v.Good)
		assert.Contains(t, strings.Join(v.Sentences, " "), c.says)
	}
	v := judge(evaluationOf(2000, 0, 1.3))
	v.consider(seriesOf(0.6))
	assert.Equal(t, "Overconfident: its error bars are too small", v.Word, "what coordinates say stands first")
}

// exactCoverage gives an evaluation the coverage of one column of exact posteriors, from ranks among its draws.
func exactCoverage(e *posterior.Evaluation, random *rand.Rand) {
	n := float64(e.Events)
	for level, p := range map[string]float64{"0.5": 0.5, "0.68": 0.68, "0.9": 0.9, "0.95": 0.95} {
		held := 0.0
		for range e.Events {
			if math.Abs(float64(random.IntN(e.Draws+1))/float64(e.Draws)-0.5) <= p/2 {
				held++
			}
		}
		share := (held + 2) / (n + 4)
		e.Coverage[level], e.CoverageError[level] = held/n, math.Sqrt(share*(1-share)/(n+4))
	}
}

// Few events or few draws make coverage condemn hardly more exact posteriors than many do.
func TestFalseVerdictsOfCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, size := range []struct {
		events, draws int
		most          float64
	}{{8, 500, 0.02}, {12, 500, 0.02}, {30, 500, 0.01}, {100, 500, 0.01}, {1000, 10, 0.01}, {1000, 47, 0.01}, {1000, 500, 0.01}} {
		condemned, runs := 0, 3000
		for range runs {
			e := evaluationOf(size.events, 0, 1)
			e.Draws = size.draws
			exactCoverage(e, random)
			if v := judge(e); v.Judged && !v.Good {
				condemned++
			}
		}
		assert.Less(t, float64(condemned)/float64(runs), size.most, "%+v", size)
	}
}

// Bonds and angles condemn few exact posteriors too, of few events and of few draws, and none that were not judged.
func TestFalseVerdictsOfBonds(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 7))
	for _, size := range []struct{ events, draws, columns int }{{2, 500, 3}, {100, 20, 3}, {1000, 10, 3}, {300, 50, 12}} {
		condemned, runs := 0, 400
		for range runs {
			v := Verdict{Word: "Calibrated", Good: true, Judged: true, Sentences: []string{"a", "b"}}
			v.consider(exactSeries(size.events, size.draws, size.columns, random))
			if !v.Good {
				condemned++
			}
		}
		assert.LessOrEqual(t, float64(condemned)/float64(runs), 0.025, "%+v", size)
	}
}

// exactSeries returns errors and widths as means and standard deviations of normal draws give them, from their
// distributions.
func exactSeries(events, draws, columns int, random *rand.Rand) series {
	s := series{columns: make([]Column, columns), draws: draws}
	for _, m := range []*dataset.Matrix{&s.truth, &s.mean, &s.sd} {
		*m = dataset.NewMatrix(events, columns)
	}
	n := float64(draws)
	squares := distuv.ChiSquared{K: n - 1, Src: rand.NewPCG(random.Uint64(), 1)}
	for i := range s.truth.Data {
		s.truth.Data[i], s.mean.Data[i] = random.NormFloat64(), random.NormFloat64()/math.Sqrt(n)
		s.sd.Data[i] = math.Sqrt(squares.Rand() / (n - 1))
	}
	return s
}

func TestVerdictOfFewDraws(t *testing.T) {
	e := evaluationOf(1000, 0, 1)
	e.Draws = 10
	assert.Contains(t, strings.Join(judge(e).Sentences, " "), "those of exact posteriors would in 63.6\u00a0% and 81.8\u00a0%.")
	e.Draws = 500
	assert.NotContains(t, strings.Join(judge(e).Sentences, " "), "of 500 draws")
}
