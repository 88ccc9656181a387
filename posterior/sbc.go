package posterior

import (
	"math"

	"github.com/gocei/gocei/posterior/calibration"
)

// SBC is simulation-based calibration: how the true values of the independent columns rank among the draws. Ranks of
// exact posteriors are uniform (see package calibration).
type SBC struct {
	Draws    int         `json:"draws"`    // that truths are ranked among, the first of each event
	Expected []float64   `json:"expected"` // counts of uniform ranks, a bin
	Lower    []int       `json:"lower"`    // where each count lies with 99 % probability, taken alone
	Upper    []int       `json:"upper"`
	Columns  []SBCColumn `json:"columns"`
}

// SBCColumn is one column's ranks.
type SBCColumn struct {
	Column    string `json:"column"`
	Histogram []int  `json:"histogram"` // counts of ranks, a bin
	Uniformity
}

// Uniformity tells how far ranks are from uniform. Of an exact posterior, both p-values are uniform themselves.
type Uniformity struct {
	PValue         float64 `json:"p_value"`         // of Pearson's chi-squared over the bins
	ECDFPValue     float64 `json:"ecdf_p_value"`    // of the whole distribution function, at least 1/2000
	ECDFDifference float64 `json:"ecdf_difference"` // the largest from the uniform one, with its sign
	OutsideBand    bool    `json:"outside_band"`    // whether that leaves the simultaneous 99 % band anywhere
}

// ExpectedCoverage is how often regions of the posterior hold the truth, by their probabilities: "0.5", "0.68", "0.9" and
// "0.95". The p-values are of the ranks that the coverages are made of.
type ExpectedCoverage struct {
	Draws         int      `json:"draws"`
	Coverage      Coverage `json:"coverage"`
	StandardError Coverage `json:"standard_error"` // binomial

	Curve []CoveragePoint `json:"curve"` // at many probabilities, with the simultaneous band of exact posteriors
	Uniformity
}

const (
	mostBins        = 20
	leastInBin      = 5 // expected counts below which a chi-squared p-value is poor
	bandProbability = 0.99
	bandSeed        = 1 // the same band for everyone
)

// bands keeps the band of each number of draws that ranks are among: one takes thousands of simulations.
type bands map[int]*calibration.Band

func (b bands) of(r *calibration.Ranks) (*calibration.Band, error) {
	if b[r.Draws()] == nil {
		band, err := calibration.NewBand(r.Events(), r.Draws(), bandSeed)
		if err != nil {
			return nil, err
		}
		b[r.Draws()] = band
	}
	return b[r.Draws()], nil
}

func histogramOf(r *calibration.Ranks) calibration.Histogram {
	return r.Histogram(max(min(mostBins, r.Events()/leastInBin), 2), bandProbability)
}

func (b bands) uniformity(r *calibration.Ranks) (u Uniformity, err error) {
	band, err := b.of(r)
	if err != nil {
		return u, err
	}
	_, u.PValue = histogramOf(r).ChiSquared()
	if u.ECDFPValue, err = band.PValue(r); err != nil {
		return u, err
	}
	points, err := band.Differences(r, bandProbability)
	for _, p := range points {
		u.OutsideBand = u.OutsideBand || p.Difference < p.Lower || p.Difference > p.Upper
		if math.Abs(p.Difference) > math.Abs(u.ECDFDifference) {
			u.ECDFDifference = p.Difference
		}
	}
	return u, err
}

func (b bands) sbc(names []string, ranks []*calibration.Ranks) (*SBC, error) {
	shape := histogramOf(ranks[0])
	s := &SBC{Draws: ranks[0].Draws(), Expected: shape.Expected, Lower: shape.Lower, Upper: shape.Upper}
	for i, r := range ranks {
		u, err := b.uniformity(r)
		if err != nil {
			return nil, err
		}
		s.Columns = append(s.Columns, SBCColumn{Column: names[i], Histogram: histogramOf(r).Counts, Uniformity: u})
	}
	return s, nil
}

func (b bands) expectedCoverage(r *calibration.Ranks) (*ExpectedCoverage, error) {
	e := &ExpectedCoverage{Draws: r.Draws(), Coverage: Coverage{}, StandardError: Coverage{}}
	for _, p := range nominal {
		covered := r.Coverage(p)
		e.Coverage[nominalKey(p)], e.StandardError[nominalKey(p)] = covered.Value(), covered.StandardError()
	}
	var err error
	if e.Uniformity, err = b.uniformity(r); err != nil {
		return nil, err
	}
	e.Curve, err = b.curve(r)
	return e, err
}

// curve thins the points of the band to about those of coverageLevels.
func (b bands) curve(r *calibration.Ranks) (curve []CoveragePoint, err error) {
	band, err := b.of(r)
	if err != nil {
		return nil, err
	}
	points, err := band.Differences(r, bandProbability)
	step := max((len(points)+1)/(len(coverageLevels)+1), 1)
	for k := step - 1; k < len(points); k += step {
		at := points[k].At
		covered := r.Coverage(at)
		curve = append(curve, CoveragePoint{
			Nominal: at, Observed: covered.Value(), StandardError: covered.StandardError(),
			Lower: at + points[k].Lower, Upper: at + points[k].Upper,
		})
	}
	return curve, err
}
