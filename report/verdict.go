package report

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/posterior"
)

// Verdict says in plain words whether a run's error bars can be trusted.
type Verdict struct {
	Word      string   // such as "Calibrated"
	Good      bool     // whether nothing speaks against the error bars
	Judged    bool     // whether there was enough to judge by
	Sentences []string // what the word stands on
}

const (
	falseVerdicts  = 0.01 // how often all tests of ranks together condemn a calibrated run
	leastECDF      = 1.0 / 2000
	leastToJudgeBy = 100 // events
	leastForSpread = 10  // draws, below which widths are known too badly to judge by
	farOff         = 3   // standard errors, by which a normal error is off once in 370
)

// judge says what an evaluation tells about calibration. Each test, a column's ranks or a kind of expected coverage, is
// held to falseVerdicts divided by how many there are (Bonferroni), and to half of that for each of its two p-values.
func judge(e *posterior.Evaluation) Verdict {
	j := jury{evaluation: e}
	j.coverage()
	j.columns()
	j.joint()
	return j.verdict()
}

type jury struct {
	evaluation                    *posterior.Evaluation
	narrow, wide, shifted, shapes int // columns that fail, by how
	tooOften, tooSeldom           int // levels at which intervals hold the truth so, beyond errors
	joints                        int // tests of all columns together that fail
	sentences                     []string
}

func (j *jury) say(format string, args ...any) {
	j.sentences = append(j.sentences, fmt.Sprintf(format, args...))
}

func (j *jury) coverage() {
	e := j.evaluation
	held := func(level string) string { return percent(e.Coverage[level], e.CoverageError[level]) }
	j.say("Intervals of 68\u00a0%% hold the truth in %s of cases, intervals of 90\u00a0%% in %s.", held("0.68"), held("0.9"))
	if exact, more := heldByExact(0.68, e.Draws), heldByExact(0.9, e.Draws); math.Abs(exact-0.68) > 0.005 || math.Abs(more-0.9) > 0.005 {
		j.say("Since they are of %d draws, those of exact posteriors would in %.1f\u00a0%% and %.1f\u00a0%%.", e.Draws, 100*exact, 100*more)
	}
	for level, nominal := range map[string]float64{"0.68": 0.68, "0.9": 0.9} {
		switch off := (e.Coverage[level] - heldByExact(nominal, e.Draws)) / j.coverageError(level, nominal); {
		case off > farOff:
			j.tooOften++
		case off < -farOff:
			j.tooSeldom++
		}
	}
}

// coverageError returns the larger of the standard errors at the observed and at the nominal coverage: where few events
// are all inside, the first alone makes much of chance.
func (j *jury) coverageError(level string, nominal float64) float64 {
	n, observed := float64(j.evaluation.Events), j.evaluation.Coverage[level]
	observed = (n*observed + 2) / (n + 4) // as posterior.Evaluation's own errors have it
	return j.evaluation.CoverageError[level] * max(1, math.Sqrt(nominal*(1-nominal)/(observed*(1-observed))))
}

// heldByExact returns how often central intervals of so many draws of an exact posterior hold the truth: that is as likely
// to be between any two neighbours among them, so that intervals of few draws hold it more or less often than they say.
func heldByExact(nominal float64, draws int) float64 {
	if draws < 1 {
		return nominal
	}
	held := 0
	for below := range draws + 1 {
		if math.Abs(float64(below)/float64(draws)-0.5) <= nominal/2 {
			held++
		}
	}
	return float64(held) / float64(draws+1)
}

// tests returns how many tests there are.
func (j *jury) tests() int {
	n := 0
	if j.evaluation.SBC != nil {
		n += len(j.evaluation.SBC.Columns)
	}
	for _, e := range []*posterior.ExpectedCoverage{j.evaluation.TARP, j.evaluation.HighestDensity} {
		if e != nil {
			n++
		}
	}
	return n
}

// limit is the p-value below which a test fails. No p-value of the ECDF is below leastECDF.
func (j *jury) limit() float64 { return max(falseVerdicts/float64(2*j.tests()), leastECDF) }

func (j *jury) fails(u posterior.Uniformity) bool { return min(u.PValue, u.ECDFPValue) <= j.limit() }

func (j *jury) columns() {
	if j.evaluation.SBC == nil {
		return
	}
	var failing []string
	smallest, where := math.Inf(1), ""
	for i, c := range j.evaluation.SBC.Columns {
		if p := min(c.PValue, c.ECDFPValue); p < smallest {
			smallest, where = p, c.Column
		}
		if j.fails(c.Uniformity) {
			failing = append(failing, c.Column+" ("+j.how(i)+")")
		}
	}
	if len(failing) == 0 {
		j.say("Ranks of the true values are uniform in every column, as those of exact posteriors are (the smallest of %d p-values is %s, of %s; below %.2g it would count).",
			2*len(j.evaluation.SBC.Columns), pValue(smallest), where, j.limit())
		return
	}
	j.say("Ranks of the true values are not uniform in %s.", strings.Join(failing, ", "))
}

// how says in which way a column's posteriors are wrong, by its z-scores, and counts it.
func (j *jury) how(column int) string {
	if column < len(j.evaluation.ZScore) {
		z := j.evaluation.ZScore[column]
		spread := (z.StandardDeviation - 1) / z.StandardDeviationError
		switch {
		case spread > farOff && math.Abs(spread) > math.Abs(z.Mean)/z.StandardError:
			j.narrow++
			return "too narrow: errors are " + number(z.StandardDeviation, 3) + " times what it says"
		case spread < -farOff && math.Abs(spread) > math.Abs(z.Mean)/z.StandardError:
			j.wide++
			return "too wide: errors are " + number(z.StandardDeviation, 3) + " times what it says"
		case math.Abs(z.Mean) > farOff*z.StandardError:
			j.shifted++
			return "shifted by " + number(z.Mean, 2) + " of its own width"
		}
	}
	j.shapes++
	return "wrong in shape"
}

// joint looks at the tests of all columns together.
func (j *jury) joint() {
	for _, test := range []struct {
		name string
		*posterior.ExpectedCoverage
	}{{"Regions of highest density", j.evaluation.HighestDensity}, {"Balls about random points (TARP)", j.evaluation.TARP}} {
		if test.ExpectedCoverage != nil && j.fails(test.Uniformity) {
			j.joints++
			j.say("%s do not hold the truth as often as they say (p %s).", test.name, pOf(min(test.PValue, test.ECDFPValue)))
		}
	}
}

func pOf(p float64) string {
	if text := pValue(p); strings.HasPrefix(text, "<") {
		return text
	}
	return "= " + pValue(p)
}

func (j *jury) verdict() Verdict {
	v := Verdict{Judged: true, Sentences: j.sentences}
	failing := j.narrow + j.wide + j.shifted + j.shapes + j.joints + j.tooOften + j.tooSeldom
	switch {
	case failing == 0 && j.evaluation.Events < leastToJudgeBy:
		v.Word, v.Judged = "Not judged", false
		v.Sentences = append(v.Sentences, fmt.Sprintf("%s too few to tell a good model from a poor one.", plural(j.evaluation.Events, "event is", "events are")))
	case failing == 0:
		v.Word, v.Good = "Calibrated", true
		v.Sentences = append(v.Sentences, fmt.Sprintf("Nothing in %s speaks against the error bars.", plural(j.evaluation.Events, "event", "events")))
	case j.tooSeldom+j.narrow > 0 && j.tooOften+j.wide == 0:
		v.Word = "Overconfident: its error bars are too small"
	case j.tooOften+j.wide > 0 && j.tooSeldom+j.narrow == 0:
		v.Word = "Underconfident: its error bars are too large"
	case j.shifted > 0 && j.narrow+j.wide+j.shapes == 0:
		v.Word = "Biased: its error bars are off centre"
	default:
		v.Word = "Not calibrated"
	}
	return v
}

// consider adds where posteriors of bonds and angles are too narrow or too wide, which those of coordinates need not be.
// All quantities together are held to falseVerdicts. The standard error is not taken for less than that of normal errors,
// since it is small by chance where the errors are.
func (v *Verdict) consider(internals series) {
	n := internals.truth.Rows
	if n < leastToJudgeBy || internals.draws > 0 && internals.draws < leastForSpread {
		return
	}
	far := distuv.UnitNormal.Quantile(1 - falseVerdicts/float64(2*max(len(internals.columns), 1)))
	var narrow, wide []string
	for k, c := range internals.columns {
		spread, off := internals.spread(k)
		off = max(off, 1/math.Sqrt(2*float64(n)))
		found := fmt.Sprintf("%s (%s)", c.Label, number(spread, 2))
		switch {
		case spread > 1+far*off:
			narrow = append(narrow, found)
		case spread < 1-far*off:
			wide = append(wide, found)
		}
	}
	if len(narrow)+len(wide) == 0 {
		return
	}
	if v.Good {
		v.Word, v.Good = "Calibrated in coordinates, not in bonds and angles", false
		v.Sentences = v.Sentences[:len(v.Sentences)-1] // that nothing speaks against it
	}
	for _, side := range []struct {
		word  string
		found []string
	}{{"narrow", narrow}, {"wide", wide}} {
		if len(side.found) > 0 {
			v.Sentences = append(v.Sentences, fmt.Sprintf("Posteriors of bonds and angles are too %s in %s; in brackets, errors in units of the posterior width.",
				side.word, strings.Join(side.found, ", ")))
		}
	}
}
